import { line, type Section } from '../../layout.ts';
import { words } from '../../panels.ts';
import { TITLE } from './names.ts';

/** What is seen here, and where its sliders are. */
export const how: Section = {
  lines: [
    line(5, [
      24,
      words({
        title: TITLE.how,
        markdown: [
          'All mechanisms run side by side on the **same payments**; only the total of the chosen one goes to the network. The rest is for the operator’s eyes alone.',
          '',
          '- **`./playground privacy --mechanism unbiased`** chooses: `off` exact, `rafiki` Rafiki’s buckets and noise, `unbiased` right in the mean, `continual` noise that hardly grows.',
          '- **`./playground privacy --epsilon 0.5`** protects more and errs more; 5 protects less. The bounds below move with the next export.',
          '- Make **one big payment** (`docs/ase.md`) and see what an attacker sees of it. What goes out is on the **Network overview**; what ε means is in `docs/privacy.md`.',
        ].join('\n'),
      }),
    ]),
  ],
};
