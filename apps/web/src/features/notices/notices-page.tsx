import { createEffect, For, Show } from "solid-js";
import { createCommand } from "../../api/create-command.ts";
import { useSession } from "../../session/session.tsx";
import { Fetched } from "../../shell/fetched.tsx";
import { ShowOlder } from "../../shell/show-older.tsx";
import "../../styles/notices.css";
import { PageTop } from "../../shell/page-top.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createNotices, type Notices } from "./create-notices.ts";
import { NoticeItem } from "./notice-item.tsx";
import { newInWords } from "./notice-words.ts";
import { useUnreadNotices } from "./unread-notices.tsx";

/** Everything the account was told, newest first. */
export default function NoticesPage() {
  const session = useSession();
  const notices = createNotices(useUnreadNotices());
  createEffect(() => {
    const rows = notices.rows();
    if (rows !== null) rememberRows("notices", rows.length);
  });
  return (
    <div class="notices">
      <PageTop title="Notices" below="times">
        <a class="link--target" href="/settings/notices">
          Notice settings
        </a>
      </PageTop>
      <section class="card" aria-label="Notices">
        <Fetched
          what="the notices"
          value={session.me() && notices.rows()}
          from={notices}
          skeleton={
            <Skeleton what="the notices" rows={rememberedRows("notices", 4)} look="notice" />
          }
        >
          {(rows) => (
            <Show
              when={rows().length > 0}
              fallback={
                <p class="empty">
                  No notices yet. When credits run low, are about to expire or are bought
                  automatically, you read it here.
                </p>
              }
            >
              <Head notices={notices} />
              <List notices={notices} />
            </Show>
          )}
        </Fetched>
      </section>
    </div>
  );
}

/** How much is new, and the way to have done with it. */
function Head(props: { notices: Notices }) {
  const command = createCommand();
  let count!: HTMLParagraphElement;

  async function mark(): Promise<void> {
    await props.notices.markAllRead();
    // The button is gone; what it did takes the focus.
    count.focus();
  }

  return (
    <>
      <div class="notices__head">
        <p ref={count} class="notices__count" tabIndex={-1}>
          {newInWords(props.notices.newCount())}
        </p>
        <Show when={props.notices.newCount() > 0}>
          <Button
            size="small"
            isBusy={command.isBusy()}
            busyText="Marking…"
            onClick={() => void command.run(mark)}
          >
            Mark all as read
          </Button>
        </Show>
      </div>
      <FailureNotice text={props.notices.newCount() > 0 ? command.problem() : null} />
    </>
  );
}

function List(props: { notices: Notices }) {
  let list!: HTMLUListElement;
  return (
    <>
      <ul ref={list} class="notices__list">
        <For each={props.notices.rows()}>
          {(notice) => (
            <NoticeItem
              notice={notice}
              isNew={props.notices.isNew(notice.key)}
              onSeen={() => props.notices.see(notice.key)}
            />
          )}
        </For>
      </ul>
      <ShowOlder
        isThere={props.notices.hasOlder()}
        show={props.notices.showOlder}
        lines={() => list.querySelectorAll<HTMLElement>("h2")}
        size="small"
      />
    </>
  );
}
