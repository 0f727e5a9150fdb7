/**
 * Gives names to controls that Grafana's components leave without one, or with one that does not say what is
 * written on them. As the components are not ours, it mends what they wrote into the page, and again whenever
 * they write. What a later version of Grafana names itself is left alone.
 */

/** Mends everything in the page from now on. */
export function keepNamesAccessible(root: HTMLElement): void {
  const mend = () => {
    for (const { selector, mend } of FAULTS) root.querySelectorAll<HTMLElement>(selector).forEach(mend);
  };
  // At once, not at the next frame: nobody ever meets the page without its names.
  const observer = new MutationObserver(mend);
  observer.observe(root, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
  mend();
}

interface Fault {
  selector: string;
  mend: (element: HTMLElement) => void;
}

const FAULTS: Fault[] = [
  // A heading without a level: the title of a row stands between the board's and the panels'.
  {
    selector: '[role="heading"]:not([aria-level])',
    mend: (heading) => setAttribute(heading, 'aria-level', '2'),
  },
  { selector: '[data-testid$="RefreshPicker run button"]:not([aria-label])', mend: named('Refresh') },
  {
    selector: '[data-testid*="Panel header"] button:not([aria-label]):not([aria-labelledby])',
    mend: (button) => {
      if (!button.textContent) setAttribute(button, 'aria-label', 'Cancel query');
    },
  },
  // The i beside a panel's title, which explains the panel when it is focused or hovered.
  {
    selector: '[data-testid="title-items-container"] > span[tabindex="0"]:not([role])',
    mend: (icon) => {
      setAttribute(icon, 'role', 'img');
      setAttribute(icon, 'aria-label', 'Panel description');
    },
  },
  // A test id that got into the name of a picture.
  {
    selector: '[aria-label="data-testid Loading indicator"]',
    mend: (element) => {
      setAttribute(element, 'role', 'group');
      setAttribute(element, 'aria-label', 'Loading');
    },
  },
  // The row's title with its variables filled in, as it is written.
  {
    selector: '[data-testid*="dashboard-row-title"][aria-label]',
    mend: (button) => {
      const verb = button.getAttribute('aria-label')?.startsWith('Expand') ? 'Expand' : 'Collapse';
      setAttribute(button, 'aria-label', `${verb} row with title ${button.textContent}`);
    },
  },
  // "All series selected" on a button that says "p99": who speaks to the page says what is written.
  {
    selector: 'button[aria-label]',
    mend: (button) => {
      const text = button.textContent?.trim();
      const label = button.getAttribute('aria-label') ?? '';
      if (text && !label.toLowerCase().includes(text.toLowerCase())) {
        setAttribute(button, 'aria-label', `${text}: ${label}`);
      }
    },
  },
];

function named(name: string): Fault['mend'] {
  return (element) => setAttribute(element, 'aria-label', name);
}

/** Writes only what differs: each write is news to the observer. */
function setAttribute(element: HTMLElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
