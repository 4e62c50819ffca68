import type { OwnAccountView } from "@scanmeter/contracts/team";
import { createMemo, createSignal, Show } from "solid-js";
import { auth } from "../api/auth.ts";
import { api } from "../api/client.ts";
import { Bell } from "../features/notices/bell.tsx";
import { roleName } from "../features/team/role-words.ts";
import { createRefreshed } from "../live/create-refreshed.ts";
import { useSession } from "../session/session.tsx";
import { MenuButton, type MenuItem } from "../ui/menu-button.tsx";
import { Notice } from "../ui/notice.tsx";
import { BalanceChip } from "./balance-chip.tsx";
import { BrandMark } from "./brand.tsx";
import { initialsOf } from "./initials.ts";
import { MainNav } from "./main-nav.tsx";
import { mainPages, otherPages } from "./pages.ts";

export function Header() {
  const session = useSession();
  const [hasFailed, setFailed] = createSignal(false);

  async function signOut(): Promise<void> {
    setFailed(false);
    const answer = await auth.signOut();
    // A whole new page, so that nothing of this account stays in memory.
    if (answer.ok) window.location.assign("/sign-in");
    else setFailed(true);
  }

  const accounts = createRefreshed(
    async () => (session.me() ? await api.accounts.list.query() : []),
    session.me,
  );
  // Made once, and the accounts only when they are others: an open menu keeps the focus of what stays.
  const pages = [...mainPages, ...startingAGroup(otherPages)];
  const leaving = startingAGroup([{ label: "Sign out", onSelect: () => void signOut() }]);
  const own = createMemo(() => startingAGroup(accountItems(accounts.value() ?? [])), undefined, {
    equals: isSame,
  });
  const items = (): readonly MenuItem[] => [...pages, ...own(), ...leaving];
  const name = () => session.me()?.user.name ?? "";

  return (
    <header class="header">
      <div class="header__inner">
        <a class="brand" href="/account">
          <BrandMark />
          <span class="brand__name">Scanmeter</span>
        </a>
        <MainNav />
        <div class="header__right">
          <BalanceChip />
          <Bell />
          <MenuButton
            label={`Menu of ${name() || "your account"}`}
            items={items()}
            heading={
              <Show when={session.me()}>
                {(me) => (
                  <p class="menu__heading">
                    <span class="menu__name">{me().user.name}</span>
                    <span class="menu__email">{me().user.email}</span>
                  </p>
                )}
              </Show>
            }
          >
            <span class="initials" aria-hidden="true">
              {initialsOf(name())}
            </span>
            <svg class="chevron" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <path d="M2.5 4.5 6 8l3.5-3.5" />
            </svg>
          </MenuButton>
        </div>
      </div>
      <Show when={hasFailed()}>
        <Notice tone="failure">
          You are still signed in: the server did not answer. Try again.
        </Notice>
      </Show>
    </header>
  );
}

/** The accounts somebody acts for, one at a time; one alone is no choice. */
function accountItems(accounts: readonly OwnAccountView[]): MenuItem[] {
  if (accounts.length < 2) return [];
  return accounts.map(({ id, name, role, isActive }) => ({
    label: name,
    note: roleName(role),
    isChosen: isActive,
    href: isActive ? "/account" : `/switch/${id}`,
  }));
}

const isSame = (one: readonly MenuItem[], other: readonly MenuItem[]) =>
  JSON.stringify(one) === JSON.stringify(other);

const startingAGroup = (items: readonly MenuItem[]): MenuItem[] =>
  items.map((item, at) => ({ ...item, isFirstOfKind: at === 0 }));
