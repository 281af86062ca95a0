using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Blobs;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Jobs;

/// <summary>A store that is full, or gone, ends a job in one line with a remedy; once it is back the job goes on to the model that it would have given.</summary>
public sealed class LostStoreTests : IDisposable
{
    private static readonly Lazy<Task<JsonElement>> Expected = new(SolveAsync);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_disk_that_is_full_ends_the_job_until_there_is_space()
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        Assert.SkipUnless(await MountAsync("-t", "tmpfs", "-o", "size=2m", "tmpfs", disk), "only root can mount the small disk that this test fills");
        try
        {
            string[] store = ["--store", Path.Combine(disk, "store"), "--json"];
            string[] full = ["the disk that holds the store", "is full", "Free space there"];
            var failed = await ExplicitClient.RunAsync(_folder.Path, ["train", SpecificationIn(_folder), .. store]);
            AssertFailed(failed, ["plan"], full);
            AssertNothingHalfWritten(disk);
            Assert.True(await MountAsync("-o", "remount,size=8300k", disk)); // room for the rows, not for all that is counted
            failed = await ExplicitClient.RunAsync(_folder.Path, ["jobs", "resume", IdOf(failed), .. store]);
            AssertFailed(failed, ["accumulate", "reduce"], full);
            AssertNothingHalfWritten(disk);
            Assert.True(await MountAsync("-o", "remount,size=64m", disk));
            await AssertGoesOnAsync(failed, new Launch { Folder = _folder.Path }, store);
        }
        finally
        {
            using var unmount = Process.Start("umount", [disk]);
            await unmount.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task A_container_that_is_lost_ends_the_job_until_it_is_restored()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        await using var proxy = new FaultyProxy(azurite.Port);
        var container = new BlobContainerClient(azurite.ConnectionString, "lost", new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
        var calm = ArtifactStores.Open("blob:lost", azurite.ConnectionString);
        var kept = new Dictionary<string, byte[]>();
        var shards = 0;
        proxy.Script = request =>
        {
            if (request.Path.Contains("/statistics/", StringComparison.Ordinal) && request.Kind == StoreRequestKind.Write && Interlocked.Increment(ref shards) == 3)
            {
                foreach (var name in calm.ListAsync("", CancellationToken.None).ToBlockingEnumerable())
                    kept[name] = calm.ReadAsync(name, CancellationToken.None).GetAwaiter().GetResult()!.Content;
                container.Delete();
            }
            return null;
        };
        var launch = new Launch { Folder = _folder.Path }.With("EXPLICIT__STORECONNECTION", proxy.ConnectionString);
        string[] store = ["--store", "blob:lost", "--json"];
        var failed = await ExplicitClient.RunAsync(launch, ["train", SpecificationIn(_folder), .. store]);
        AssertFailed(failed, ["accumulate"], "the store blob:lost has lost its container", "404", "Restore it with what it held");
        Assert.False(await container.ExistsAsync());
        await container.CreateAsync();
        foreach (var (name, content) in kept)
            await calm.WriteAsync(name, (stream, token) => stream.WriteAsync(content, token).AsTask(), WriteCondition.Always, CancellationToken.None);
        await AssertGoesOnAsync(failed, launch, store);
    }

    private static string IdOf(Outcome job) => job.Json().GetProperty("job").GetString()!;

    private static void AssertNothingHalfWritten(string disk) => Assert.Empty(Directory.GetFiles(disk, ".tmp-*", SearchOption.AllDirectories));

    private static void AssertFailed(Outcome failed, string[] stages, params string[] parts)
    {
        Assert.Equal(Outcome.Failed, failed.ExitCode);
        var lines = failed.Error.TrimEnd('\n').Split('\n');
        var cause = Assert.Single(lines, line => line.StartsWith("job ", StringComparison.Ordinal));
        Assert.Contains(stages, stage => cause.Contains($"failed in stage {stage}: ", StringComparison.Ordinal));
        Assert.StartsWith("  ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(cause, lines[^2]);
        Assert.All(parts, part => Assert.Contains(part, $"{cause} {lines[^1]}", StringComparison.Ordinal));
    }

    private static async Task AssertGoesOnAsync(Outcome failed, Launch launch, string[] store)
    {
        var resumed = (await ExplicitClient.RunAsync(launch, ["jobs", "resume", IdOf(failed), .. store])).Successful().Json();
        var expected = await Expected.Value;
        foreach (var figure in (string[])["weightsSha256", "statisticsSha256"])
            Assert.Equal(expected.GetProperty(figure).GetString(), resumed.GetProperty(figure).GetString());
    }

    /// <summary>The same job over a store that does not fail; run once.</summary>
    private static async Task<JsonElement> SolveAsync()
    {
        using var folder = new TemporaryFolder();
        return (await ExplicitClient.RunAsync(folder.Path, "train", SpecificationIn(folder), "--json")).Successful().Json();
    }

    private static async Task<bool> MountAsync(params string[] arguments)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        await mount.WaitForExitAsync();
        return mount.ExitCode == 0;
    }

    /// <summary>10,000 images, whose rows take 7.8 MB in the store, in twenty shards.</summary>
    private static string SpecificationIn(TemporaryFolder folder) => folder.Write("small.yaml", $$"""
        name: small
        data:
          train: { format: idx, images: {{FashionMnist.TestImages}}, labels: {{FashionMnist.TestLabels}} }
          shardRows: 500
        features: { map: bins, levels: [64, 128] }
        solve: { k: 6, alpha: 0.01 }
        """);
}
