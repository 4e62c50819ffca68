import type { ScanView } from "@scanmeter/contracts/scans";
import { useBalanceFeed } from "../../live/balance-feed.tsx";

/** A scan as it was fetched, with what the live line has told of it since. */
export function useLiveScans(): <Scan extends ScanView>(scan: Scan) => Scan {
  const feed = useBalanceFeed();
  return (scan) => {
    if (scan.endedAt !== null) return scan;
    const live = feed.state().newest?.runningScans.find(({ scanId }) => scanId === scan.scanId);
    return live ? { ...scan, ...live } : scan;
  };
}
