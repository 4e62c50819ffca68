/** The mark: five hours of a scan, three of them started. */
export function BrandMark() {
  return (
    <svg class="brand__mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="brand__plate" width="32" height="32" rx="7" />
      <g class="brand__bars">
        <rect x="6" y="17" width="3" height="8" rx="1.5" />
        <rect x="10.75" y="12" width="3" height="13" rx="1.5" />
        <rect x="15.5" y="7" width="3" height="18" rx="1.5" />
        <rect x="20.25" y="12" width="3" height="13" rx="1.5" opacity=".45" />
        <rect x="25" y="17" width="3" height="8" rx="1.5" opacity=".45" />
      </g>
    </svg>
  );
}
