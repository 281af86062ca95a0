namespace ExplicitCluster.Data.Formats;

/// <summary>Takes the counts of a segment, row by row.</summary>
internal interface ICountSink
{
    /// <summary>The cells that follow are of this input.</summary>
    void Begin(int input);

    /// <summary>A cell other than zero.</summary>
    void Add(int c, long count);
}
