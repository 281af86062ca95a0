namespace ExplicitCluster.Numerics.Statistics;

/// <summary>F, run of inputs by run of inputs, so that nobody has to hold all of it.</summary>
public interface ICountSource
{
    /// <summary>D.</summary>
    int Inputs { get; }

    /// <summary>C.</summary>
    int Classes { get; }

    /// <summary>The rows of the inputs in [firstInput, endInput) that were seen; they hold until the next call.</summary>
    /// <exception cref="OverflowException">A count beyond 2^63 - 1.</exception>
    CountRows Between(int firstInput, int endInput);
}
