import { Navigate, useSearchParams } from "@solidjs/router";
import { type JSX, type ParentProps, Show } from "solid-js";
import { useSession } from "../../session/session.tsx";
import { BrandMark } from "../../shell/brand.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { pathAfterSignIn } from "./path-after-sign-in.ts";

interface EntranceProps extends ParentProps {
  title: string;
  intro?: JSX.Element;
  /** Links to the neighbouring pages, below the card. */
  footer: JSX.Element;
  /** Whoever is signed in already is led on. Off where that would lose a link from a mail. */
  letsSignedInPass?: boolean;
}

/** The frame of every page outside the account: brand, one card, a way to the neighbouring pages. */
export function Entrance(props: EntranceProps) {
  const session = useSession();
  const [query] = useSearchParams<{ next?: string }>();
  return (
    <Show
      when={!(props.letsSignedInPass && session.state().is === "signed-in")}
      fallback={<Navigate href={pathAfterSignIn(query.next)} />}
    >
      <main class="entrance">
        <div class="entrance__brand">
          <p class="brand">
            <BrandMark />
            <span class="brand__name">Scanmeter</span>
          </p>
          <p class="quiet">Security scans, metered by the hour</p>
        </div>
        <div class="card entrance__card">
          <PageHeading title={props.title} takesFocus={false} />
          <Show when={props.intro}>
            <p class="entrance__intro">{props.intro}</p>
          </Show>
          {props.children}
        </div>
        <p class="entrance__footer">{props.footer}</p>
      </main>
    </Show>
  );
}
