namespace ExplicitCluster.Numerics.Encodings;

/// <summary>The one condition on raw numbers: finite and at least 0. Bytes always are.</summary>
internal static class ValueCheck
{
    public static void FiniteAndNotNegative(RawRows rows)
    {
        var values = rows.Floats;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] <= float.MaxValue))
                throw new InvalidValueException(i / rows.Shape.Columns, i % rows.Shape.Columns, values[i], "a finite number of at least 0");
        }
    }
}
