using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>layers</c>: the layers below, from the bottom up.</summary>
/// <param name="problems">Where mistakes go.</param>
/// <param name="folder">Where paths in it begin.</param>
/// <param name="readSolve">Reads a section <c>solve</c>.</param>
internal sealed class LayerSection(ProblemList problems, string folder, Func<Field, IReadOnlyList<string>, SolveSpecification> readSolve)
{
    private const string Example = "layers: [{ features: { map: bins, levels: [128] }, activation: classes }]";
    private const int MostLayers = 8;
    private const int MostTuples = 100_000;

    private static readonly string[] Keys = ["features", "tokens", "activation", "targets", "windows", "tuples", "solve", "refine"];
    private static readonly string[] Activations = ["classes", "softmax"];

    private readonly FieldValues _values = new(problems);
    private readonly List<(LayerSpecification Layer, Origin Origin)> _layers = [];
    private readonly List<FeatureSection> _features = [];
    private readonly List<(TextSpecification Text, Field Field)> _texts = [];

    public ImmutableArray<LayerSpecification> Layers => [.. _layers.Select(item => item.Layer)];

    public void Read(Field field)
    {
        if (field.Value is not ListNode { Items.Count: > 0 and <= MostLayers } list)
        {
            _values.Wrong(field, $"a list of 1 to {MostLayers} layers from the bottom up, e.g. {Example}");
            return;
        }
        for (var i = 0; i < list.Items.Count; i++)
            ReadLayer(new Field($"{field.Path}.{i}", list.Items[i].Origin, list.Items[i]));
    }

    /// <summary>A layer that nothing stands on is a mistake.</summary>
    public void RefuseUnused(ImmutableArray<FeatureMapSpecification> top)
    {
        var used = _layers.SelectMany(item => item.Layer.Features).Concat(top).Where(map => map.Map == FeatureMapKind.Layer).Select(map => map.Number).ToHashSet();
        for (var i = 0; i < _layers.Count; i++)
        {
            if (!used.Contains(i + 1))
                problems.Add(_layers[i].Origin, $"nothing stands on layer {i + 1}; remove it, or add {{ map: layer, number: {i + 1} }} to the features above");
        }
    }

    /// <summary>Sources must hold what the layers' features are of.</summary>
    public void RefuseOthers(DataSpecification data)
    {
        _features.ForEach(features => features.RefuseImageMapsOn(data));
        foreach (var (text, field) in _texts)
            new TextSection(problems, folder).RefuseOthers(data, text, field);
    }

    private void ReadLayer(Field field)
    {
        var layer = new LayerSpecification { Features = [] };
        if (Section.Of(problems, field, Example) is { } section)
        {
            section.Refuse(["vocabulary"], key => $"'{field.Path}.{key}' would name the features of an earlier model, and a layer counts its own; remove it");
            section.RefuseOthers([.. Keys, "vocabulary"], []);
            var features = new FeatureSection(problems, Layers);
            var maps = section.Require("features", "features: { map: bins, levels: [128] }");
            if (maps is not null && TextSection.IsMeant(maps))
            {
                layer = layer with { Text = ReadText(section, maps) };
            }
            else
            {
                section.Refuse(["tokens"], key => $"the key '{key}' goes with features of texts; remove it");
                _features.Add(features);
                layer = layer with { Features = maps is null ? [] : features.Read(maps) };
                features.RefuseMixed();
            }
            if (section.Find("activation") is { } activation && _values.Choice(activation, Activations) is { } index)
                layer = layer with { Activation = (LayerActivation)index };
            if (layer.Activation == LayerActivation.Softmax)
                section.Refuse(["tuples"], key => $"'{key}' are of best classes, and the activation is softmax; remove it, or use activation: classes");
            layer = layer with
            {
                Windows = section.Find("windows") is { } windows ? ReadWindows(windows) : null,
                Tuples = section.Find("tuples") is { } tuples ? ReadTuples(tuples) : null,
                Refine = section.Find("refine") is { } refine ? ReadRefine(refine, layer.Text is null && features.AreBlocks, layer.Text is not null) : new RefineSpecification(),
                Targets = section.Find("targets") is { } targets ? new TargetSection(problems).Read(targets) : null,
            };
            layer = layer with { Solve = ReadSolve(section, layer) };
            if (layer is { Targets.Code: > 0, Refine.Method: RefineMethod.Sweeps })
                problems.Add(section.Find("refine")!.At, $"'{field.Path}.refine' is of sweeps, which move one classifier, and the bits of a code are many; use method: averaging, or targets: {{ subclasses: 3 }}");
            if (layer is { Targets: not null, Solve.HasChoice: true })
                problems.Add(section.Find("targets")!.At, $"'{field.Path}.targets' are not the labels, by which leave-one-out chooses; give this layer one {(NeedsK(layer) ? "k and one alpha, e.g. solve: { k: 60, alpha: 0.05 }" : "alpha, e.g. solve: { alpha: 0.05 }")}");
        }
        _layers.Add((layer, field.Origin));
    }

    /// <summary>Groups of features of texts: their rows have norm 1, and the vocabulary is counted by the layer.</summary>
    private TextSpecification ReadText(Section section, Field features)
    {
        var texts = new TextSection(problems, folder);
        var text = texts.ReadOthers(section, texts.Read(features, solve: null), features);
        if (text.KeepsNorms)
            problems.Add(features.At, $"'{features.Path}.norm' is none, and the rows of a layer have norm 1; remove it");
        _texts.Add((text, features));
        return text;
    }

    private WindowSpecification? ReadWindows(Field field)
    {
        const string Form = "windows: { width: 9, height: 9, stride: 3 }";
        if (Section.Of(problems, field, Form) is not { } section)
            return null;
        section.RefuseOthers(["width", "height", "stride"], []);
        return new WindowSpecification(Size("width"), Size("height"), section.Find("stride") is null ? 1 : Size("stride"));

        int Size(string key) => section.Require(key, Form) is { } size ? (int)(_values.Whole(size, (1, 16_384), Form) ?? 1) : 1;
    }

    private TupleSpecification? ReadTuples(Field field)
    {
        const string Form = "tuples: { size: 3, count: 400 }";
        if (Section.Of(problems, field, Form) is not { } section)
            return null;
        section.RefuseOthers(["size", "count", "seed"], []);
        var size = section.Require("size", Form) is { } sizeField ? _values.Whole(sizeField, (2, 16), "size: 3") ?? 2 : 2;
        var count = section.Require("count", Form) is { } countField ? _values.Whole(countField, (1, MostTuples), "count: 400") ?? 1 : 1;
        var seed = section.Find("seed") is { } seedField ? _values.Whole(seedField, (long.MinValue, long.MaxValue), "seed: 1") ?? 1 : 1;
        return new TupleSpecification((int)size, (int)count, seed);
    }

    /// <summary>A layer's rows are all learned from: what decides, and is held out, belongs to the job.</summary>
    private RefineSpecification ReadRefine(Field field, bool areBlocks, bool areSparse)
    {
        var refine = new RefineSection(problems).Read(field, areBlocks, areSparse);
        if (refine.Averaging.HoldOut)
            problems.Add(field.At, $"'{field.Path}.holdOut' is true, and the layers above count all training rows; remove it");
        return refine;
    }

    /// <summary>Best classes know no temperature: K has a part only in the choice of alpha, and in the weights that a refinement starts from; none in sweeps from the prior.</summary>
    private SolveSpecification ReadSolve(Section section, LayerSpecification layer)
    {
        var given = section.Find("solve");
        if (layer.Text is not null && given is { Value: MappingNode } && Section.Of(problems, given, "solve: { k: auto, alpha: auto }") is { } settings)
            settings.Refuse(["temperatures", "rho", "passes", "passAlpha"], key => $"'{given.Path}.{key}' is of a classifier without layers; remove it: the layers above weigh the groups");
        var solve = layer.Text is { } text ? new TextSection(problems, folder).ReadSolve(given, readSolve, text) : given is not null ? readSolve(given, []) : new SolveSpecification();
        if (solve.ByGroup)
            problems.Add(section.Find("solve")!.At, "'k: groups' is of the top layer; move it to 'solve' at the root, or list a layer for each map");
        if (solve.ClassWeights is not null)
            problems.Add(section.Find("solve")!.At, "'classWeights' act in the top layer; move them to 'solve' at the root");
        if (given is { Value: MappingNode } && solve.Alpha[0] == 0)
            problems.Add(given.At, $"'{given.Path}.alpha' is 0, and a layer leaves rows out of its counts, where a count of 1 leaves log 0; set it above 0");
        return solve.Alpha.Length == 1 && !NeedsK(layer) ? solve with { K = [1] } : solve;
    }

    private static bool NeedsK(LayerSpecification layer) => layer.Refine switch
    {
        { Method: RefineMethod.None } => layer.Activation == LayerActivation.Softmax,
        { Method: RefineMethod.Sweeps, Sweeps.Start: SweepStart.Prior } => false,
        _ => true,
    };
}
