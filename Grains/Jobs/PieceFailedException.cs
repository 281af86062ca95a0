using ExplicitCluster.Abstractions.Errors;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>A piece of a stage failed for good.</summary>
/// <param name="piece">What a person calls it, e.g. <c>shard 12</c>.</param>
/// <param name="failure">Cause and remedy.</param>
internal sealed class PieceFailedException(string piece, JobException failure) : Exception(failure.Message, failure)
{
    public string Piece { get; } = piece;

    public JobException Failure { get; } = failure;
}
