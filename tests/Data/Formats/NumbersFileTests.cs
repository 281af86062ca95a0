using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Formats;

public sealed class NumbersFileTests : IDisposable
{
    private const string Name = "jobs/j/rounds/0001-1/run-0000";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderArtifactStore _store;

    public NumbersFileTests() => _store = new FolderArtifactStore(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(23, 5)]
    [InlineData(23, 1)]
    [InlineData(23, 24)]
    public async Task Lists_come_back_whole_however_they_are_split_into_tensors(int length, int most)
    {
        var random = new Random(length + most);
        double[][] lists = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextDouble()).ToArray())];
        var hash = await NumbersFile.WriteAsync(_store, Name, lists, None, most);
        Assert.Equal(lists, await NumbersFile.ReadAsync<double>(_store, Name, hash, 12, length, None));
        var tensors = await SafetensorsFile.ReadAsync(_store, Name, hash, None);
        Assert.Equal(12 * ((length + most - 1) / most), tensors.Count);
        Assert.All(tensors, tensor => Assert.InRange(tensor.Shape[0], 1, most));
    }

    [Fact]
    public async Task Other_lists_than_those_asked_for_are_damage()
    {
        var hash = await NumbersFile.WriteAsync(_store, Name, [new float[] { 1, 2 }, new float[] { 3, 4 }], None);
        Assert.Equal([[1, 2], [3, 4]], await NumbersFile.ReadAsync<float>(_store, Name, hash, 2, 2, None));
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => NumbersFile.ReadAsync<float>(_store, Name, hash, 2, 3, None));
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => NumbersFile.ReadAsync<double>(_store, Name, hash, 1, 2, None));
        await Assert.ThrowsAsync<ArtifactDamagedException>(() => NumbersFile.ReadAsync<float>(_store, Name, new string('0', 64), 2, 2, None));
    }
}
