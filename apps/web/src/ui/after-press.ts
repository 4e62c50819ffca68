/**
 * A field is left by the press on whatever comes next. What is then told of the field may move that away
 * from under the pointer, and the press would be lost; so it is told when the press is over.
 */
export function afterPress(tell: () => void): void {
  const isPressed = document.querySelector(":active") !== null;
  if (!isPressed) tell();
  // The click follows the release at once.
  else window.addEventListener("mouseup", () => setTimeout(tell), { capture: true, once: true });
}
