namespace ExplicitCluster.Grains.Shards;

/// <summary>Rows as they were read, of numbers or documents, with their classes: what the workers of a refinement deal among themselves.</summary>
internal interface IRowChunk
{
    /// <summary>Of a chunk as it was read: the number of its first row among all rows of the job.</summary>
    long Number { get; }

    int Count { get; }

    /// <summary>Some of the rows, by their indices from 0, ascending.</summary>
    IRowChunk Take(int[] indices);

    /// <summary>The rows whose labels have a class.</summary>
    IRowChunk Known();

    /// <summary>The rows that are held out, and those that are not.</summary>
    (IRowChunk HeldOut, IRowChunk Others) Part();
}
