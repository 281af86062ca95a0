using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Data.Tests.Store;

[Collection(AzuriteFixture.Collection)]
public sealed class BlobArtifactStoreTests : ArtifactStoreTests
{
    private const BlobClientOptions.ServiceVersion Version = BlobClientOptions.ServiceVersion.V2026_06_06;

    private readonly AzuriteFixture _azurite;
    private readonly string _container;

    public BlobArtifactStoreTests(AzuriteFixture azurite)
        : this(azurite, azurite.NextContainer())
    {
    }

    private BlobArtifactStoreTests(AzuriteFixture azurite, string container)
        : base(ArtifactStores.Open($"blob:{container}/below", azurite.ConnectionString)) => (_azurite, _container) = (azurite, container);

    private BlobContainerClient Container => new(_azurite.ConnectionString, _container, new BlobClientOptions(Version));

    [Fact]
    public async Task Before_the_first_write_there_is_no_container_and_nothing_in_it()
    {
        Assert.Empty(await NamesAsync(""));
        Assert.Null(await Store.StatAsync("a", None));
        Assert.Null(await Store.ReadAsync("a", None));
        await Store.DeleteAsync("a", None);
        Assert.False(await Container.ExistsAsync(None));
    }

    [Fact]
    public async Task Stores_below_other_prefixes_of_a_container_do_not_see_each_other()
    {
        var other = ArtifactStores.Open($"blob:{_container}/below-too", _azurite.ConnectionString);
        await WriteAsync("a", "mine", WriteCondition.IfAbsent);
        await other.WriteAsync("a", (stream, ct) => stream.WriteAsync("other"u8.ToArray(), ct).AsTask(), WriteCondition.IfAbsent, None);
        Assert.Equal("mine", await TextAsync("a"));
        Assert.Equal(["a"], await NamesAsync(""));
    }

    [Fact]
    public async Task A_list_of_many_pages_is_whole()
    {
        for (var i = 0; i < 7; i++) await WriteAsync($"a/{i}", "x", WriteCondition.Always);
        var paged = new BlobArtifactStore(Container, "below/", "blob:pages", pageSize: 3);
        var names = new List<string>();
        await foreach (var name in paged.ListAsync("a/", None)) names.Add(name);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"a/{i}"), names);
    }

    [Fact]
    public async Task A_container_that_is_deleted_under_a_store_is_an_error_until_it_is_back()
    {
        await WriteAsync("a", "1", WriteCondition.Always);
        await Container.DeleteAsync(cancellationToken: None);
        Func<Task>[] requests =
        [
            () => Store.StatAsync("a", None), () => Store.ReadAsync("a", None), () => Store.ReadRangeAsync("a", 0, new byte[1], None), () => NamesAsync(""),
            () => Store.DeleteAsync("a", None), () => WriteAsync("a", "2", WriteCondition.Always), () => WriteAsync("a", "2", WriteCondition.IfAbsent),
            () => Store.WriteAsync("a", (stream, ct) => stream.WriteAsync(new byte[9 << 20], ct).AsTask(), WriteCondition.Always, None),
            () => Store.WriteStagedAsync("a", (_, _) => Task.FromResult("a/b"), WriteCondition.Always, None),
        ];
        foreach (var request in requests)
        {
            var error = await Assert.ThrowsAsync<StoreException>(request);
            Assert.Contains($"the store blob:{_container}/below has lost its container", error.Message);
            Assert.Contains("Restore it", error.Remedy);
        }
        Assert.False(await Container.ExistsAsync(None));

        await Container.CreateAsync(cancellationToken: None);
        await WriteAsync("a", "2", WriteCondition.IfAbsent);
        Assert.Equal("2", await TextAsync("a"));
    }

    protected override async Task<IReadOnlyList<string>> LeftOverAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "below/.", None)) names.Add(blob.Name);
        return names;
    }
}
