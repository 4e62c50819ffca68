/** Long enough for a glance, so that what is only scrolled past or left at once stays unread. */
const GLANCE_MS = 1_000;

/**
 * Acts once, when the element has been in sight for a moment of a page somebody looks at. Answers how
 * to give that up.
 */
export function whenSeen(element: Element, act: () => void): () => void {
  let isInSight = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new IntersectionObserver((entries) => {
    isInSight = entries.at(-1)?.isIntersecting ?? false;
    look();
  });

  function look(): void {
    clearTimeout(timer);
    if (!isInSight || document.visibilityState !== "visible") return;
    timer = setTimeout(() => {
      stop();
      act();
    }, GLANCE_MS);
  }

  function stop(): void {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
  }

  observer.observe(element);
  document.addEventListener("visibilitychange", look);
  return stop;
}
