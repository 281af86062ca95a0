using System.Collections.Immutable;
using System.Text.Json;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Client.Study;

/// <summary>
/// The jobs of a study, made of one specification. All runs have its rows, features, solution, seed and settings of averaged SGD (the defaults, where it asks for none), and differ in start
/// and rate; none holds rows out or stops early, so that all have the same budget. Ids are made of what a job is to do and of the data, so that a study that is run again finds what it has done.
/// </summary>
internal sealed class StudyDesign
{
    /// <summary>Rates of a study that names none, in units of the specification's.</summary>
    private static readonly double[] Factors = [0.25, 1, 4];

    /// <summary>Names of models have at most 64 characters, and the study's have a start and a rate behind them.</summary>
    private const int MostName = 40;

    private readonly JobSpecification _base;

    public StudyDesign(JobSpecification specification, StudyOptions options)
    {
        IsOfBlocks = specification.IsOfBlocks;
        var settings = specification.Refine.Method == RefineMethod.Averaging ? specification.Refine.Averaging : DefaultsOf(IsOfBlocks);
        Settings = settings with { Rounds = options.Rounds ?? settings.Rounds, Start = AveragingStart.Explicit, Gradient = false, HoldOut = false, Stop = 0 };
        (Starts, Rates) = (options.Starts, options.Rates.IsEmpty ? [.. Factors.Select(factor => factor * settings.LearningRate)] : options.Rates);
        var name = specification.Name.Length > MostName ? specification.Name[..MostName] : specification.Name;
        _base = specification with { Name = name, Evaluate = specification.Data.Test.IsEmpty ? EvaluateRows.None : EvaluateRows.Test };
    }

    public bool IsOfBlocks { get; }

    public AveragingSpecification Settings { get; }

    public ImmutableArray<AveragingStart> Starts { get; }

    public ImmutableArray<double> Rates { get; }

    public JobSpecification Base => _base;

    /// <summary>Jobs in all.</summary>
    public int Jobs => 1 + Starts.Length * Rates.Length + (IsOfBlocks ? 1 : 0) + Starts.Length;

    /// <summary>The explicit solution alone. K and alpha of all runs are what it chose.</summary>
    public JobSpecification Solution => _base with { Name = $"{_base.Name}-solution", Refine = new RefineSpecification(), Compact = 1, Evaluate = EvaluateRows.All };

    /// <summary>Scaling sweeps: the specification's, or the defaults. What sweeps say of training rows leaves each row's own share out, and so the model is evaluated on them as well.</summary>
    public JobSpecification Sweeps => _base with
    {
        Evaluate = EvaluateRows.All,
        Name = $"{_base.Name}-sweeps",
        Refine = _base.Refine.Method == RefineMethod.Sweeps ? _base.Refine : new RefineSpecification { Method = RefineMethod.Sweeps },
    };

    /// <summary>One run. The gradient of a start is measured with its first rate.</summary>
    public JobSpecification Run(AveragingStart start, double rate, JobResult solution) => _base with
    {
        Name = $"{_base.Name}-{LabelOf(start, rate)}",
        Solve = _base.Solve with { K = [solution.K], Alpha = [solution.Alpha] },
        Refine = _base.Refine with
        {
            Method = RefineMethod.Averaging,
            Averaging = Settings with { Start = start, LearningRate = rate, Gradient = rate == Rates[0] },
            Sweeps = new SweepSpecification(),
        },
    };

    /// <summary>
    /// A pass to be timed: the explicit solution once more, with shards so many rows shorter, of which the store has no statistics. Name, seed, K and alpha do not change its cost: they are always
    /// the same, so that another study of the same rows and features finds it.
    /// </summary>
    public JobSpecification Pass(JobResult solution, int shorter) => Solution with
    {
        Name = "study-pass",
        Seed = 1,
        Solve = new SolveSpecification { K = [1], Alpha = [1] },
        Data = _base.Data with { Test = [], ShardRows = (int)Math.Max(1, Math.Min(solution.Rows, _base.Data.ShardRows) - shorter) },
        Evaluate = EvaluateRows.None,
    };

    /// <summary>A job's id: what it does, and what data it does it on as far as the solution tells.</summary>
    public static string IdOf(JobSpecification job, string label, params IEnumerable<object?> data)
    {
        var parts = data.Prepend(job).Select(part => JsonSerializer.Serialize(part, JsonArtifact.DefaultOptions));
        return $"study-{SpecificationHash.Sha256(string.Join('\n', parts))[..12]}-{label}";
    }

    public static string LabelOf(AveragingStart start, double rate) => $"{Words.Of(start)}-{Figures.Setting(rate).Replace("+", "", StringComparison.Ordinal)}";

    private static AveragingSpecification DefaultsOf(bool areBlocks)
    {
        var defaults = SgdSettings.DefaultsOf(areBlocks ? EncodingKind.Blocks : EncodingKind.Dense);
        return new AveragingSpecification
        {
            Rounds = defaults.Rounds,
            Batch = defaults.Batch,
            Optimizer = (AveragingOptimizer)defaults.Optimizer,
            LearningRate = defaults.LearningRate,
            Schedule = (AveragingSchedule)defaults.Schedule,
            Momentum = defaults.Momentum,
        };
    }
}
