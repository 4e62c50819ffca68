import { useLocation } from "@solidjs/router";
import { For } from "solid-js";
import { isAt, mainPages } from "./pages.ts";

/** The pages people go to and fro between: beside the name of the product, or below it on a phone. */
export function MainNav() {
  const location = useLocation();
  return (
    <nav class="main-nav" aria-label="Main">
      <ul class="main-nav__list">
        <For each={mainPages}>
          {(page) => (
            <li>
              <a
                class="main-nav__link"
                href={page.href}
                aria-current={isAt(page.href, location.pathname)}
              >
                <MainNavLabel label={page.label} />
              </a>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
}

/** On a phone there is room for the last word, and the first ones are still read out. */
function MainNavLabel(props: { label: string }) {
  const at = () => props.label.lastIndexOf(" ") + 1;
  return (
    <>
      <span class="main-nav__spare">{props.label.slice(0, at())}</span>
      {props.label.slice(at())}
    </>
  );
}
