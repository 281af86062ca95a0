using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Language;

/// <summary>Sums of losses as people read them.</summary>
internal static class LanguageReports
{
    /// <summary>Of all documents together; null where there is no token.</summary>
    public static LanguageReport? Of(IReadOnlyCollection<LanguageLoss> losses)
    {
        var tokens = losses.Sum(loss => loss.Tokens);
        if (tokens == 0)
            return null;
        var crossEntropy = ExactSum.Mean(losses.Aggregate((Int128)0, (sum, loss) => sum + loss.Loss), tokens);
        return new LanguageReport(losses.Sum(loss => loss.Documents), tokens, losses.Sum(loss => loss.Unknown), crossEntropy, SameBits.Exp(crossEntropy));
    }
}
