namespace ExplicitCluster.Grains.Models;

/// <summary>An input whose weight for a class differs between two models.</summary>
/// <param name="Input">Its number in the second model.</param>
/// <param name="From">The first model's weight, from the mean over classes.</param>
/// <param name="To">The second model's.</param>
/// <param name="Share">Mean of the input over the training rows: of a block's code the share of rows that have it.</param>
/// <param name="Rows">Training rows that have the code; null for dense inputs.</param>
public readonly record struct InputMovement(int Input, double From, double To, double Share, long? Rows)
{
    public double Change => To - From;

    /// <summary>How far the change moves the class's score in an average training row, nats.</summary>
    public double Effect => Change * Share;
}
