/** The body of a file that is made while it is read: one piece at a time, and none ahead. */

export interface ExportStreamOptions {
  /** It is given up when nobody has read on for so long. */
  readonly stalledAfterMs: number;
  /** Read to its end, given up or broken; told once. */
  readonly onEnd: () => void;
  /** What nobody expected. The connection is cut, so that half a file does not look whole. */
  readonly onFailure: (error: unknown) => void;
}

export function exportStream(
  pieces: AsyncGenerator<string>,
  { stalledAfterMs, onEnd, onFailure }: ExportStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function end(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(stalled);
    pieces.return(undefined).catch(onFailure);
    onEnd();
  }

  function watch(controller: ReadableStreamDefaultController): void {
    if (isOver) return;
    stalled = setTimeout(() => {
      end();
      controller.error(new Error("Nobody reads on."));
    }, stalledAfterMs);
  }

  return new ReadableStream<Uint8Array>(
    {
      start: watch,
      async pull(controller) {
        clearTimeout(stalled);
        try {
          const { done, value } = await pieces.next();
          if (isOver) return;
          if (done) {
            end();
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(value));
          watch(controller);
        } catch (error) {
          end();
          onFailure(error);
          controller.error(error);
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
