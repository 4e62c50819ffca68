import { PageHeading } from "../ui/page-heading.tsx";

export default function NotFoundPage() {
  return (
    <main class="lonely">
      <PageHeading title="There is no page here" />
      <p>The address may be mistyped, or the page has moved.</p>
      <a class="button button--primary" href="/account">
        Go to Account Overview
      </a>
    </main>
  );
}
