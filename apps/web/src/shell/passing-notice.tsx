/**
 * One sentence that a finished page leaves for the next, such as how many credits were added. Its
 * place is always there, so that a screen reader notices the sentence when it comes.
 */
import { useLocation } from "@solidjs/router";
import {
  createContext,
  createEffect,
  createSignal,
  onMount,
  type ParentProps,
  Show,
  useContext,
} from "solid-js";
import { takeLeftNotice } from "../session/left-notice.ts";
import { Button } from "../ui/button.tsx";

interface Passing {
  readonly text: string;
  /** The page it is for; leaving that page ends it. */
  readonly path: string;
}

export interface PassingNotices {
  leave(notice: Passing): void;
}

const PassingNoticeContext = createContext<PassingNotices>();

export function PassingNoticeProvider(props: ParentProps) {
  const location = useLocation();
  const [notice, setNotice] = createSignal<Passing | null>(null);
  // One that was left before the whole page was loaded anew comes after its place is there.
  onMount(() => {
    const text = takeLeftNotice();
    if (text !== null) setNotice({ text, path: location.pathname });
  });
  const shown = () => {
    const current = notice();
    return current?.path === location.pathname ? current : null;
  };
  createEffect<boolean>((wasShown) => {
    const isShown = shown() !== null;
    if (wasShown && !isShown) setNotice(null);
    return isShown;
  }, false);

  return (
    <PassingNoticeContext.Provider value={{ leave: setNotice }}>
      <div role="status" class="passing">
        <Show when={shown()}>
          {(current) => (
            <div class="notice passing__notice">
              <p>{current().text}</p>
              <Button size="small" onClick={() => setNotice(null)}>
                Close<span class="visually-hidden"> this message</span>
              </Button>
            </div>
          )}
        </Show>
      </div>
      {props.children}
    </PassingNoticeContext.Provider>
  );
}

export function usePassingNotices(): PassingNotices {
  const notices = useContext(PassingNoticeContext);
  if (!notices) throw new Error("passing notices are shown by the shell");
  return notices;
}
