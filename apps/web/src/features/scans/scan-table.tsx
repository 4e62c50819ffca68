import type { NamedScanView } from "@scanmeter/contracts/scans";
import { createMemo, createSignal, For, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { formatCredits } from "../../format/credits.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useLiveScans } from "./live-scan.ts";
import { scanPath } from "./scan-filter.ts";
import { ScanHours } from "./scan-hours.tsx";
import { ScanState } from "./scan-state.tsx";
import { nextDebit, scanTitle, withoutScheme } from "./scan-words.ts";

export function ScanTable(props: {
  scans: readonly NamedScanView[];
  hasMore: boolean;
  showMore: () => Promise<void>;
}) {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  let body!: HTMLTableSectionElement;
  // By id and not by object: each answer brings new objects, and a row that is kept keeps its focus.
  const ids = createMemo(() => props.scans.map(({ scanId }) => scanId));

  async function showMore(): Promise<void> {
    const shown = body.children.length;
    setBusy(true);
    setProblem(null);
    try {
      await props.showMore();
      // Reading goes on where it stopped; on the last page the button is gone.
      body.children.item(shown)?.querySelector("a")?.focus();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <>
      <table class="table">
        <caption class="visually-hidden">Scans, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Scan</th>
            <th scope="col">State</th>
            <th scope="col">Hours</th>
            <th scope="col" class="table__number">
              Credits
            </th>
            <th scope="col">Started</th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody ref={body}>
          <For each={ids()}>
            {(id) => {
              const scan = createMemo<NamedScanView | undefined>(
                (last) => props.scans.find(({ scanId }) => scanId === id) ?? last,
              );
              return <Show when={scan()}>{(known) => <Row scan={known()} />}</Show>;
            }}
          </For>
        </tbody>
      </table>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      <Show when={props.hasMore}>
        <div>
          <Button
            size="small"
            isBusy={isBusy()}
            busyText="Loading…"
            onClick={() => void showMore()}
          >
            Show earlier scans
          </Button>
        </div>
      </Show>
    </>
  );
}

function Row(props: { scan: NamedScanView }) {
  const place = usePlace();
  const live = useLiveScans();
  const scan = () => live(props.scan);
  const isMetered = () => scan().mode === "credits";
  return (
    <tr>
      <th scope="row" class="scan-list__what">
        <a class="link--target" href={scanPath(scan().scanId)}>
          {scanTitle(scan())}
        </a>
        <span class="scan-list__names quiet">
          <Show when={scan().label}>{withoutScheme(scan().targetUrl)}, </Show>
          {scan().runnerKey ? `by ${scan().runnerKey?.name}` : "by an unknown runner"}
        </span>
      </th>
      <td class="scan-list__state">
        <ScanState scan={scan()} />
      </td>
      <td class="scan-list__hours" data-label="Hours">
        <span>
          <ScanHours scan={scan()} />
        </span>
      </td>
      <td class="table__number" data-label="Credits">
        {isMetered() ? formatCredits(scan().creditsDebited) : "none"}
      </td>
      <td class="scan-list__when" data-label="Started">
        <time dateTime={scan().startedAt}>
          {shortInstant(Date.parse(scan().startedAt), place())}
        </time>
      </td>
      <td class="scan-list__when" data-label="Ended">
        <Show when={scan().endedAt} fallback={<Ahead scan={scan()} />}>
          {(at) => <time dateTime={at()}>{shortInstant(Date.parse(at()), place())}</time>}
        </Show>
      </td>
    </tr>
  );
}

/** What comes next of a scan that is not over. */
function Ahead(props: { scan: NamedScanView }) {
  const time = useServerTime();
  const next = () => nextDebit(props.scan, time.now());
  const countdown = () => {
    const answer = next();
    return "countdown" in answer ? answer.countdown : null;
  };
  return (
    <span>
      <span class="quiet">not yet</span>
      <Show when={countdown()}>
        <span class="scan-list__next">
          next debit in{" "}
          <span class="countdown" role="timer">
            {countdown()}
          </span>
        </span>
      </Show>
    </span>
  );
}
