namespace ExplicitCluster.Data.Formats;

/// <summary>Takes the counts of a segment.</summary>
internal interface ICountSink
{
    /// <summary>A cell other than zero.</summary>
    void Add(int input, int c, long count);
}
