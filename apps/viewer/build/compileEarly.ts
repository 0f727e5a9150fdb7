import type { Plugin } from 'vite';

/** https://v8.dev/blog/explicit-compile-hints; other browsers take it for a comment. */
const HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * Asks the browser to compile whole files beside the page's main thread while they arrive. A board calls a good part of
 * their functions at once; each would else be compiled when it is first called, on the thread that everything waits for.
 */
export function compileEarly(): Plugin {
  return {
    name: 'compile-early',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = HINT + file.code;
      },
    },
  };
}
