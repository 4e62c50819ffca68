import { useLocation } from "@solidjs/router";
import { For, type ParentProps } from "solid-js";
import "../styles/settings.css";
import { isAtSettings, settingsPages } from "./pages.ts";

/** The settings pages side by side: where one is, and the way to the others. */
export default function SettingsFrame(props: ParentProps) {
  const location = useLocation();
  return (
    <div class="settings">
      <nav class="settings-nav" aria-label="Settings">
        <ul class="settings-nav__list">
          <For each={settingsPages}>
            {({ label, href }) => (
              <li>
                <a
                  class="settings-nav__link"
                  href={href}
                  aria-current={isAtSettings(href, location.pathname)}
                >
                  {label}
                </a>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class="settings__page">{props.children}</div>
    </div>
  );
}
