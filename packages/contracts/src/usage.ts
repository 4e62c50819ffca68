/** What an account used, day by day, and how long what it has lasts if that goes on. */

/** What was there in the evening is what was there before, less used and expired, plus the rest. */
export interface UsageDayView {
  /** In the account's zone, such as "2027-03-14". */
  date: string;
  /** Less what was returned that day. */
  used: number;
  /** Bought, given, or brought back from what was kept. */
  added: number;
  /** Past their date: gone, or kept for the next purchase. */
  expired: number;
  /** Signed: refunds, disputes, corrections, and hours that were owed or repaid. */
  other: number;
  balanceAtEnd: number;
}

export interface ForecastView {
  creditsPerDay: number;
  /** When nothing is available any more, by use or by expiry; null while nothing is used. */
  runsOutAt: string | null;
  /** A straight line from each to the next. Two of one instant are a fall. */
  points: { at: string; available: number }[];
  /** What would reach its date unused. */
  expiring: { at: string; credits: number }[];
}

export interface UsageView {
  /** When the first day began, and now. */
  from: string;
  to: string;
  timeZone: string;
  balanceAtStart: number;
  /** The last one is today, and still going on. */
  days: UsageDayView[];
  /** The same as the overview's, with its course. Nothing that might be bought is in it. */
  forecast: ForecastView;
}
