namespace ExplicitCluster.Client.Study;

/// <summary>How a claim fares.</summary>
internal enum StudyOutcome
{
    Holds,
    Partly,
    DoesNotHold,
    NotMeasured,
}

/// <summary>A claim, how it fares on some rows, and the figures that say so.</summary>
/// <param name="Claim">What is claimed.</param>
/// <param name="Part">The rows; null where the claim is not of losses.</param>
/// <param name="Outcome">By the rule alone.</param>
/// <param name="Reason">The figures.</param>
/// <param name="Rule">What decides.</param>
internal sealed record StudyVerdict(string Claim, StudyPart? Part, StudyOutcome Outcome, string Reason, string Rule);
