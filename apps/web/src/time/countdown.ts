/** Time left as a clock face: "41:07", "1:02:09". Rounded up, so it reads 00:00 only when it is. */
export function clockFace(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const face = `${twoDigits(minutes)}:${twoDigits(seconds % 60)}`;
  return hours > 0 ? `${hours}:${face}` : face;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");
