import { onCleanup, onMount, Show } from "solid-js";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import type { NoticeRow } from "./reading.ts";
import { whenSeen } from "./when-seen.ts";

/** What was told, when, and where something can be done about it. */
export function NoticeItem(props: { notice: NoticeRow; isNew: boolean; onSeen: () => void }) {
  const place = usePlace();
  let title!: HTMLHeadingElement;
  onMount(() => onCleanup(whenSeen(title, () => props.onSeen())));
  return (
    <li class="notices__item">
      <div class="notices__top">
        <h2 ref={title} class="notices__title" tabIndex={-1}>
          <Show when={props.isNew}>
            <span class="tag tag--accent">New</span>
            <span class="visually-hidden">: </span>
          </Show>
          {props.notice.title}
        </h2>
        <time class="notices__when" dateTime={props.notice.at}>
          {shortInstant(Date.parse(props.notice.at), place())}
        </time>
      </div>
      <p class="notices__text">{props.notice.text}</p>
      <Show when={props.notice.action}>
        {(action) => (
          <a class="link--target" href={action().path}>
            {action().label}
          </a>
        )}
      </Show>
    </li>
  );
}
