/** Waits for something to settle, and for no longer than this. What it comes to is somebody else's. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), isOver]);
  clearTimeout(timer);
}
