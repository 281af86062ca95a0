using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads the whole of a job's specification, section by section; what is wrong is noted and reading goes on.</summary>
internal sealed partial class JobSections(ProblemList problems, string folder)
{
    private static readonly string[] Keys = ["name", "task", "data", "tokens", "vocabulary", "layers", "features", "compact", "solve", "refine", "evaluate", "seed", "grid"];
    private static readonly string[] Tasks = ["classifier", "language-model"];
    private static readonly string[] Evaluations = ["none", "test", "all"];

    private readonly FieldValues _values = new(problems);

    /// <summary>What a grid over these features tries; null where they are no maps of numbers. Set by <see cref="Read"/>.</summary>
    public GridSpecification? Grid { get; private set; }

    public JobSpecification Read(Section root)
    {
        var specification = ReadJob(root);
        if (specification.Language is not null || specification.Text is not null)
            root.Refuse(["grid"], key => $"'{key}' goes with features of numbers, and the features are of texts; remove it");
        else
            Grid = root.Find("grid") is { } grid ? new GridSection(problems).Read(grid, specification.Features.Length) : GridSection.Default(specification.Features.Length);
        if (specification.Data.WithoutFold is not null && (Grid is null || specification.Refine.Method != RefineMethod.None || specification.Layers.Any(layer => layer.Text is not null)))
            problems.Add(problems.File, "'data.withoutFold' goes with features of numbers and without 'refine'; remove one of them");
        return specification;
    }

    private JobSpecification ReadJob(Section root)
    {
        RefuseOthers(root);
        var name = root.Require("name", "name: my-model") is { } nameField ? ReadName(nameField) : "";
        var data = root.Require("data", "data: { train: { format: csv, path: rows.csv, label: class } }") is { } dataField
            && Section.Of(problems, dataField, "data: { train: ..., test: ... }") is { } dataSection
            ? new DataSection(problems, folder).ReadForTraining(dataSection)
            : new DataSpecification { Train = [] };
        if (root.Find("task") is { } task && _values.Choice(task, Tasks) == 1)
            return ReadLanguageModel(root, name, data);
        return root.Find("features") is { } texts && TextSection.IsMeant(texts) ? ReadText(root, name, data, texts) : ReadNumbers(root, name, data);
    }

    private JobSpecification ReadText(Section root, string name, DataSpecification data, Field features)
    {
        var section = new TextSection(problems, folder);
        var solve = root.Find("solve");
        var text = section.ReadOthers(root, section.Read(features, solve), features);
        section.RefuseOthers(data, text, features);
        root.Refuse(["layers"], key => $"'{key}' are below, and the features of the top are of texts; use features: layer, and these features in a layer");
        root.Refuse(["compact"], key => $"'{key}' goes with features of numbers, and the features are of texts; remove it");
        var refine = root.Find("refine") is { } refineField ? new RefineSection(problems).Read(refineField, areBlocks: false, areSparse: true) : new RefineSpecification();
        var settings = section.ReadSolve(solve, ReadSolve, text);
        if (settings.ByGroup)
            problems.Add(solve!.At, "'solve.k' is 'groups', which is of images and tables; groups of texts are fitted with solve.temperatures");
        if (refine.Method != RefineMethod.None && (text.Temperatures is not null || settings.ClassWeights is not null))
            problems.Add(root.Find("refine")!.At, $"'refine' begins at the explicit solution of rows that count alike, and solve has {(text.Temperatures is null ? "classWeights" : "temperatures")}; remove one of them");
        return new JobSpecification
        {
            Name = name,
            Data = data,
            Features = [],
            Text = text,
            Solve = settings,
            Refine = refine,
            Evaluate = root.Find("evaluate") is { } evaluate ? ReadEvaluate(evaluate, data) : EvaluateRows.All,
            Seed = ReadSeed(root),
        };
    }

    private JobSpecification ReadNumbers(Section root, string name, DataSpecification data)
    {
        root.Refuse(["tokens", "vocabulary"], key => $"the key '{key}' goes with features of texts; remove it{(key == "tokens" && root.Find("layers") is not null ? ", or put it into the layer that has them" : "")}");
        var layers = new LayerSection(problems, folder, ReadSolve);
        if (root.Find("layers") is { } layersField)
            layers.Read(layersField);
        var features = new FeatureSection(problems, layers.Layers);
        var maps = root.Require("features", "features: pixels") is { } featuresField ? features.Read(featuresField) : [];
        features.RefuseImageMapsOn(data);
        layers.RefuseOthers(data);
        layers.RefuseUnused(maps);
        var areBlocks = features.AreBlocks;
        var solve = root.Find("solve") is { } solveField ? ReadSolve(solveField, []) : new SolveSpecification();
        if (!solve.ByGroup)
            features.RefuseMixed();
        var refine = root.Find("refine") is { } refineField ? new RefineSection(problems).Read(refineField, areBlocks || solve.ByGroup) : new RefineSpecification();
        if (refine.Averaging.HoldOut && layers.Layers.Any(layer => layer.Refine.Method != RefineMethod.None))
            problems.Add(root.Find("refine")!.At, "'refine.holdOut' is true, and a layer that is refined learns from the held-out rows as well; remove one of the two");
        var compaction = root.Find("compact") is { } compact ? ReadCompact(compact, areBlocks || solve.ByGroup) : 1;
        if (solve.ByGroup)
            RefuseWithGroups(root, refine, compaction);
        if (solve.ClassWeights is not null)
            ClassWeightSection.RefuseWithNumbers(problems, root.Find("solve")!, solve, refine);
        return new JobSpecification
        {
            Name = name,
            Data = data,
            Features = maps,
            Layers = layers.Layers,
            Solve = solve,
            Evaluate = root.Find("evaluate") is { } evaluate ? ReadEvaluate(evaluate, data) : EvaluateRows.All,
            Compact = compaction,
            Refine = refine,
            Seed = ReadSeed(root),
        };
    }

    /// <summary>Refinement and compaction take one encoding, and move or merge weights under one K.</summary>
    private void RefuseWithGroups(Section root, RefineSpecification refine, int compaction)
    {
        if (refine.Method != RefineMethod.None)
            problems.Add(root.Find("refine")!.At, "'refine' moves the weights of one encoding, and 'solve.k' is 'groups'; remove it, or give k as a number, a list or auto");
        if (compaction > 1)
            problems.Add(root.Find("compact")!.At, "'compact' merges codes under one K, and 'solve.k' is 'groups'; remove it, or give k as a number, a list or auto");
    }

    private JobSpecification ReadLanguageModel(Section root, string name, DataSpecification data)
    {
        root.Refuse(["vocabulary"], key => $"the key '{key}' goes with features of texts, and the task is language-model; remove it, or set tokens.vocabulary");
        root.Refuse(["layers"], key => $"'{key}' stand on features of numbers, and the task is language-model; remove it");
        var language = new LanguageSections(problems, folder).Read(root);
        if (data.Train.Concat(data.Test).FirstOrDefault(source => !source.IsText) is { } source)
            problems.Add(root.Find("data")!.At, $"a language model needs texts, and a source of data has format {source.Format.ToString().ToLowerInvariant()}; use text or jsonl, or name the column of texts");
        return new JobSpecification
        {
            Name = name,
            Data = data,
            Features = [],
            Language = language,
            Refine = root.Find("refine") is { } refine ? new RefineSection(problems).ReadLanguage(refine) : new RefineSpecification(),
            Evaluate = root.Find("evaluate") is { } evaluate ? ReadEvaluate(evaluate, data) : EvaluateRows.Test,
            Seed = ReadSeed(root),
        };
    }

    public static void RefuseOthers(Section root)
    {
        root.Refuse(["targets"], key => $"'{key}' are of a layer below, and those of the top are the labels; remove it, or put it into an entry of 'layers'");
        root.RefuseOthers(root.Find("targets") is null ? Keys : [.. Keys, "targets"], []);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern { get; }

    public const string ExpectedName = "1 to 64 characters of a-z, 0-9, '.', '_' and '-', the first a letter or digit";

    public static bool IsName(string text) => NamePattern.IsMatch(text);

    private string ReadName(Field field)
    {
        const string Expected = $"{ExpectedName}, e.g. name: my-model";
        var name = _values.Text(field, Expected);
        if (name is not null && !IsName(name))
            _values.Wrong(field, Expected);
        return name ?? "";
    }

    private long ReadSeed(Section root) => root.Find("seed") is { } seed ? _values.Whole(seed, (long.MinValue, long.MaxValue), "seed: 1") ?? 1 : 1;

    /// <param name="field">The key <c>solve</c>.</param>
    /// <param name="others">Keys that were read already.</param>
    private SolveSpecification ReadSolve(Field field, IReadOnlyList<string> others)
    {
        var solve = new SolveSpecification();
        if (Section.Of(problems, field, "solve: { k: auto, alpha: 0.01 }") is not { } section)
            return solve;
        section.RefuseOthers(["k", "alpha", "beta", "classWeights", .. others], []);
        if (section.Find("k") is { Value: ScalarNode { IsPlain: true, Text: "groups" } })
            solve = solve with { K = [1], ByGroup = true };
        else if (section.Find("k") is { } k)
            solve = solve with { K = _values.Grid(k, NumberRule.Above0, SolveSpecification.AutoK, "k: [4, 8, 16]") ?? solve.K };
        if (section.Find("alpha") is { } alpha)
            solve = solve with { Alpha = _values.Grid(alpha, NumberRule.AtLeast0, SolveSpecification.AutoAlpha, "alpha: 0.01") ?? solve.Alpha };
        if (section.Find("beta") is { } beta)
            solve = solve with { Beta = _values.Number(beta, NumberRule.AtLeast0, "beta: 0") ?? solve.Beta };
        return section.Find("classWeights") is { } weights ? solve with { ClassWeights = new ClassWeightSection(problems).Read(weights) } : solve;
    }

    private int ReadCompact(Field field, bool areBlocks)
    {
        if (_values.Whole(field, (1, 1_000_000), "compact: 2") is not { } least)
            return 1;
        if (least > 1 && !areBlocks)
            problems.Add(field.At, "'compact' merges rare codes of blocks, and the features are dense; remove it, or use bins, patches or orientations");
        return (int)least;
    }

    private EvaluateRows ReadEvaluate(Field field, DataSpecification data)
    {
        if (_values.Choice(field, Evaluations) is not { } index)
            return EvaluateRows.All;
        var rows = (EvaluateRows)index;
        if (rows == EvaluateRows.Test && data.Test.IsEmpty)
            problems.Add(field.At, "'evaluate' is 'test', and data.test names no source; add one, or use evaluate: all or none");
        return rows;
    }
}
