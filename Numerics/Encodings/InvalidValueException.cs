namespace ExplicitCluster.Numerics.Encodings;

/// <summary>A value that no feature map takes: negative, NaN or infinite, or out of a map's range.</summary>
/// <param name="row">The row, counted from 0 in the rows handed to the encoder.</param>
/// <param name="column">The column, from 0.</param>
/// <param name="value">What was seen.</param>
/// <param name="expected">What was expected, e.g. "a finite number of at least 0".</param>
public sealed class InvalidValueException(int row, int column, float value, string expected)
    : Exception(FormattableString.Invariant($"row {row} column {column} is {value}, expected {expected}"))
{
    public int Row { get; } = row;

    public int Column { get; } = column;

    public float Value { get; } = value;

    public string Expected { get; } = expected;
}
