namespace ExplicitCluster.Data.Sources;

/// <summary>Decodes a compressed file from its start.</summary>
internal interface IFileDecoder : IDisposable
{
    /// <summary>Decoded bytes; 0 at the end.</summary>
    /// <exception cref="SourceException">The file is damaged or cut short.</exception>
    int Read(Span<byte> destination);
}
