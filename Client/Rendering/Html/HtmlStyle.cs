namespace ExplicitCluster.Client.Rendering.Html;

/// <summary>How pages look. Colours are variables, which drawings use too; the second set is for those who read in the dark.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root {
          --paper: #ffffff; --ink: #22262b; --faint: #5d656e; --rule: #d5d9de; --band: #f5f6f8; --heat: #3578b5;
          --series-0: #3578b5; --series-1: #d96a1d; --series-2: #1f8a70; --series-3: #8e5bb5; --series-4: #8a6d1a; --series-5: #b83d6e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #16191d; --ink: #e3e6ea; --faint: #a3abb4; --rule: #3a4149; --band: #1e2227; --heat: #4a90d0;
            --series-0: #6cb0ea; --series-1: #f0975a; --series-2: #4fc3a4; --series-3: #bd93dd; --series-4: #d1b04f; --series-5: #ea7fa6;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 1.2rem 1.2rem 3rem; }
        h1 { font-size: 1.55rem; line-height: 1.25; margin: .3rem 0 .6rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid var(--rule); }
        h3 { font-size: .95rem; margin: 0; }
        p { margin: .4rem 0; max-width: 60rem; color: var(--faint); }
        nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .9rem; }
        a { color: var(--series-0); }
        .scroll { overflow-x: auto; margin: .6rem 0 1rem; }
        table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
        p.caption { margin: 1.2rem 0 -.3rem; font-size: .88rem; }
        th, td { padding: .22rem .7rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
        thead th { color: var(--faint); font-weight: 600; text-align: right; vertical-align: bottom; }
        thead th:first-child, thead th.text, tbody th { text-align: left; }
        tbody th { font-weight: 600; white-space: nowrap; }
        td { text-align: right; white-space: nowrap; }
        td.text { text-align: left; white-space: normal; }
        .facts th { color: var(--faint); font-weight: 400; }
        .facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
        .shaded { background: color-mix(in srgb, var(--heat) calc(var(--shade) * .75), transparent); }
        figure { margin: 0; }
        .drawings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1rem; margin: .8rem 0; }
        .drawings figure { background: var(--band); border-radius: .4rem; padding: .3rem; }
        svg { display: block; width: 100%; height: auto; font-family: inherit; }
        .pictures { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: flex-end; margin: .5rem 0 1rem; }
        .pictures h3 { flex: 0 0 100%; }
        .pictures img { display: block; image-rendering: pixelated; border: 1px solid var(--rule); max-width: 100%; height: auto; }
        figcaption { font-size: .8rem; color: var(--faint); }
        @media print { nav { display: none; } .drawings figure { background: none; } }
        """;
}
