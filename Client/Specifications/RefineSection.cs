using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Client.Specifications;

/// <summary>Reads <c>refine</c>.</summary>
internal sealed class RefineSection(ProblemList problems)
{
    private const string Example = "refine: { method: sweeps }";
    private const int MostWorkers = 1024;
    private const int MostRuns = 64;
    private const int MostRounds = 100_000;

    private const string LanguageExample = "refine: { method: averaging }";

    /// <summary>The first rate of a language model.</summary>
    private const double LanguageRate = 0.1;

    private static readonly string[] LanguageKeys = ["method", "workers", "rounds", "learningRate"];
    private static readonly string[] Methods = ["none", "sweeps", "averaging"];
    private static readonly string[] Optimizers = ["sgd", "adagrad", "adam"];
    private static readonly string[] Schedules = ["cosine", "linear", "constant"];
    private static readonly string[] SweepStarts = ["prior", "explicit"];
    private static readonly string[] AveragingStarts = ["explicit", "random", "zero"];
    private static readonly string[] SweepKeys = ["method", "workers", "sweeps", "blocksPerChunk", "alpha", "damping", "start", "average", "stop"];
    private static readonly string[] AveragingKeys =
        ["method", "workers", "rounds", "localEpochs", "batch", "optimizer", "learningRate", "schedule", "momentum", "l2", "start", "holdOut", "stop"];

    private readonly FieldValues _values = new(problems);

    /// <param name="field">The section.</param>
    /// <param name="areBlocks">Whether the features are blocks, as far as they could be read.</param>
    /// <param name="areSparse">Whether they are of texts or of sparse rows.</param>
    public RefineSpecification Read(Field field, bool areBlocks, bool areSparse = false)
    {
        var refine = new RefineSpecification();
        if (Section.Of(problems, field, Example) is not { } section || section.Require("method", "method: sweeps") is not { } method)
            return refine;
        if (_values.Choice(method, Methods) is not { } index)
            return refine;
        string[] all = [.. SweepKeys.Union(AveragingKeys)];
        var mine = index switch { 0 => ["method"], 1 => SweepKeys, _ => AveragingKeys };
        section.Refuse(all.Except(mine), key => $"'refine.{key}' says nothing with method: {Methods[index]}; remove it, or use method: {(SweepKeys.Contains(key) ? "sweeps" : "averaging")}");
        section.RefuseOthers(all, []);
        if (index == 0)
            return refine;
        refine = refine with { Method = (RefineMethod)index, Workers = Whole(section, "workers", MostWorkers, refine.Workers) };
        if (index == 2)
            return refine with { Averaging = ReadAveraging(section, areSparse ? EncodingKind.Sparse : areBlocks ? EncodingKind.Blocks : EncodingKind.Dense) };
        if (areSparse)
            problems.Add(method.At, "'refine.method' is 'sweeps', which moves weights of blocks, and the features are of texts or sparse rows; use method: averaging");
        else if (!areBlocks)
            problems.Add(method.At, "'refine.method' is 'sweeps', which moves weights of blocks, and the features are dense; use bins, patches or orientations, or method: averaging");
        return refine with { Sweeps = ReadSweeps(section) };
    }

    /// <summary>Averaged SGD of a language model's values.</summary>
    public RefineSpecification ReadLanguage(Field field)
    {
        var refine = new RefineSpecification();
        if (Section.Of(problems, field, LanguageExample) is not { } section || section.Require("method", "method: averaging") is not { } method)
            return refine;
        if (_values.Choice(method, ["none", "averaging"]) is not { } index)
            return refine;
        if (index == 0)
        {
            section.RefuseOthers(["method"], []);
            return refine;
        }
        section.RefuseOthers(LanguageKeys, []);
        var averaging = new AveragingSpecification { Rounds = Whole(section, "rounds", MostRounds, 1), LearningRate = LanguageRate };
        if (section.Find("learningRate") is { } rate)
            averaging = averaging with { LearningRate = _values.Number(rate, NumberRule.Above0, $"learningRate: {LanguageRate}") ?? LanguageRate };
        return refine with { Method = RefineMethod.Averaging, Workers = Whole(section, "workers", MostWorkers, 1), Averaging = averaging };
    }

    private AveragingSpecification ReadAveraging(Section section, EncodingKind kind)
    {
        var defaults = SgdSettings.DefaultsOf(kind);
        var averaging = new AveragingSpecification
        {
            Rounds = Whole(section, "rounds", MostRounds, defaults.Rounds),
            LocalEpochs = Whole(section, "localEpochs", 1000, defaults.LocalEpochs),
            Batch = Whole(section, "batch", 1 << 16, defaults.Batch),
            Optimizer = (AveragingOptimizer)defaults.Optimizer,
            LearningRate = defaults.LearningRate,
            Schedule = (AveragingSchedule)defaults.Schedule,
            Momentum = defaults.Momentum,
            L2 = defaults.L2,
        };
        if (section.Find("optimizer") is { } optimizer && _values.Choice(optimizer, Optimizers) is { } way)
            averaging = averaging with { Optimizer = (AveragingOptimizer)way };
        if (section.Find("schedule") is { } schedule && _values.Choice(schedule, Schedules) is { } fall)
            averaging = averaging with { Schedule = (AveragingSchedule)fall };
        if (section.Find("learningRate") is { } rate)
            averaging = averaging with { LearningRate = _values.Number(rate, NumberRule.Above0, "learningRate: 0.02") ?? averaging.LearningRate };
        if (section.Find("momentum") is { } momentum)
            averaging = averaging with { Momentum = _values.Number(momentum, NumberRule.Below1, "momentum: 0.9") ?? averaging.Momentum };
        if (section.Find("l2") is { } l2)
            averaging = averaging with { L2 = _values.Number(l2, NumberRule.AtLeast0, "l2: 0.00001") ?? averaging.L2 };
        if (section.Find("start") is { } start && _values.Choice(start, AveragingStarts) is { } beginning)
            averaging = averaging with { Start = (AveragingStart)beginning };
        if (section.Find("holdOut") is { } holdOut)
            averaging = averaging with { HoldOut = _values.Truth(holdOut) ?? averaging.HoldOut };
        averaging = averaging with { Stop = averaging.HoldOut ? AveragingSpecification.DefaultStop : 0 };
        return section.Find("stop") is { } stop ? averaging with { Stop = ReadPatience(stop) ?? averaging.Stop } : averaging;
    }

    private int? ReadPatience(Field stop)
    {
        if (stop.Value is ScalarNode { IsPlain: true, Text: "never" })
            return 0;
        if (FieldValues.WholeIn(stop, (1, MostRounds)) is { } rounds)
            return (int)rounds;
        _values.Wrong(stop, $"never, or a whole number from 1 to {MostRounds}, e.g. stop: {AveragingSpecification.DefaultStop}");
        return null;
    }

    private SweepSpecification ReadSweeps(Section section)
    {
        var sweeps = new SweepSpecification();
        sweeps = sweeps with
        {
            Sweeps = Whole(section, "sweeps", 1000, sweeps.Sweeps),
            BlocksPerChunk = Whole(section, "blocksPerChunk", 1_000_000, sweeps.BlocksPerChunk),
            Average = Whole(section, "average", MostRuns, sweeps.Average),
        };
        if (section.Find("alpha") is { } alpha)
            sweeps = sweeps with { Alpha = _values.Number(alpha, NumberRule.NotTiny, "alpha: 2") ?? sweeps.Alpha };
        if (section.Find("damping") is { } damping)
            sweeps = sweeps with { Damping = _values.Number(damping, NumberRule.Share, "damping: 0.5") ?? sweeps.Damping };
        if (section.Find("start") is { } start && _values.Choice(start, SweepStarts) is { } index)
            sweeps = sweeps with { Start = (SweepStart)index };
        if (section.Find("stop") is { } stop)
            sweeps = sweeps with { Stop = _values.Truth(stop) ?? sweeps.Stop };
        return sweeps;
    }

    private int Whole(Section section, string key, int most, int otherwise) =>
        section.Find(key) is { } field ? (int)(_values.Whole(field, (1, most), $"{key}: {otherwise}") ?? otherwise) : otherwise;
}
