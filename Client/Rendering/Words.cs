using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Client.Study;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Names and foreign text for the console: never read as markup, control characters escaped.</summary>
internal static class Words
{
    public static string Of(JobStage stage) => stage.ToString().ToLowerInvariant();

    /// <summary>What a stage's work is divided into.</summary>
    public static string PartsOf(JobStage stage) => stage switch
    {
        JobStage.Reduce or JobStage.Solve => "tiles",
        JobStage.Refine => "steps",
        JobStage.Layers => "parts",
        _ => "shards",
    };

    public static string Of(FeatureMapKind map) => map.ToString().ToLowerInvariant();

    public static string Of(RefineMethod method) => method.ToString().ToLowerInvariant();

    public static string Of(AveragingStart start) => start.ToString().ToLowerInvariant();

    public static string Of(AveragingOptimizer optimizer) => optimizer.ToString().ToLowerInvariant();

    public static string Of(AveragingSchedule schedule) => schedule.ToString().ToLowerInvariant();

    public static string Of(StudyPart part) => part.ToString().ToLowerInvariant();

    public static string Of(StudyOutcome outcome) => outcome switch
    {
        StudyOutcome.DoesNotHold => "does not hold",
        StudyOutcome.NotMeasured => "not measured",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    /// <summary>What a layer tells apart where that is not the labels, to follow other words.</summary>
    public static string Of(HiddenTargetSpecification? targets) => targets switch
    {
        null => "",
        { Code: > 0 } => FormattableString.Invariant($", label codes of {targets.Code} bits, seed {targets.Seed}"),
        _ => FormattableString.Invariant($", {targets.Subclasses} sub-classes a label by {targets.Passes} passes, seed {targets.Seed}"),
    };

    public static string Of(JobStatus status) => status.ToString().ToLowerInvariant();

    public static Text Of(string text) => new(Quoted.Escape(text));

    public static Text Of(string text, Style style) => new(Quoted.Escape(text), style);

    public static string Short(string text, int most)
    {
        var escaped = Quoted.Escape(text);
        return escaped.Length <= most ? escaped : escaped[..(most - 1)] + "…";
    }
}
