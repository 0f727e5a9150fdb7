import { line, type Section } from '../../layout.ts';
import { words } from '../../panels.ts';
import { TITLE } from './names.ts';

/** What is seen here, and where its sliders are. */
export const how: Section = {
  lines: [
    line(6, [
      24,
      words({
        title: TITLE.how,
        markdown: [
          'All mechanisms run side by side on the **same payments**; only the total of the chosen one goes to the network. Everything here is the operator’s own view: nobody outside sees the truth, or the totals of the others.',
          '',
          '- **`./playground privacy --mechanism unbiased`** chooses what is told: `off` exact, `rafiki` Rafiki’s buckets and noise, `unbiased` right in the mean, `continual` noise that grows with the logarithm of time.',
          '- **`./playground privacy --epsilon 0.5`** protects more and errs more; 5 protects less. Watch the bounds below move: each export interval is a step.',
          '- What goes out is on the **Network overview**; what ε means, and how it is proved, in `docs/privacy.md`.',
        ].join('\n'),
      }),
    ]),
  ],
};
