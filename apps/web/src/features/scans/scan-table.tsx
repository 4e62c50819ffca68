import type { NamedScanView } from "@scanmeter/contracts/scans";
import { Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { ShowOlder } from "../../shell/show-older.tsx";
import { useServerTime } from "../../time/server-time.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import { useLiveScans } from "./live-scan.ts";
import { scanPath } from "./scan-filter.ts";
import { ScanHours } from "./scan-hours.tsx";
import { ScanState } from "./scan-state.tsx";
import { nextDebit, scanTitle, withoutScheme } from "./scan-words.ts";

export function ScanTable(props: {
  scans: readonly NamedScanView[];
  hasOlder: boolean;
  showOlder: () => Promise<void>;
}) {
  let body!: HTMLTableSectionElement;
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
          <KeyedFor each={props.scans} by={({ scanId }) => scanId}>
            {(scan) => <Row scan={scan()} />}
          </KeyedFor>
        </tbody>
      </table>
      <ShowOlder
        isThere={props.hasOlder}
        show={props.showOlder}
        lines={() => body.querySelectorAll<HTMLElement>("tr > th > a")}
        label="Show earlier scans"
        size="small"
      />
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
