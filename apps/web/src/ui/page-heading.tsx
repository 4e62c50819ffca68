import { createEffect, type JSX, onMount } from "solid-js";

const PRODUCT = "Scanmeter";
let isFirstPage = true;

/** Where reading goes on when a button went with what it did. */
export function focusPageHeading(): void {
  queueMicrotask(() => document.querySelector<HTMLElement>(".page-heading")?.focus());
}

/**
 * The one h1 of a page. It names the browser tab and takes the focus when the page was reached from
 * another one, so that a screen reader says where it is; on the first page the browser does that.
 */
export function PageHeading(props: {
  title: string;
  children?: JSX.Element;
  takesFocus?: boolean;
}) {
  let heading!: HTMLHeadingElement;
  createEffect(() => {
    document.title = `${props.title} · ${PRODUCT}`;
  });
  onMount(() => {
    if (!isFirstPage && props.takesFocus !== false) heading.focus();
    isFirstPage = false;
  });
  return (
    <h1 ref={heading} class="page-heading" tabIndex={-1}>
      {props.children ?? props.title}
    </h1>
  );
}
