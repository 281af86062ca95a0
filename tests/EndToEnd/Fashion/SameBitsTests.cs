using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using ExplicitCluster.Testing;

namespace ExplicitCluster.EndToEnd.Tests.Fashion;

/// <summary>Statistics, choice, weights and evaluation to the last bit, each time from the source files in a store of its own.</summary>
public sealed class SameBitsTests(TrainedStore store)
{
    /// <summary>Shard size, and a variable of the environment.</summary>
    public static TheoryData<string, int, string> Variations
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var example in (string[])["fashion-pixels", "fashion-patches"])
            {
                data.Add(example, 512, "EXPLICIT__COMPUTESLOTS=2");
                data.Add(example, 8192, "EXPLICIT__COMPUTESLOTS=1");
                data.Add(example, 60000, "EXPLICIT__COMPUTESLOTS=2");
                if (Avx512F.IsSupported) // else there is nothing to turn off
                    data.Add(example, 8192, "DOTNET_EnableAVX512=0");
                data.Add(example, 8192, "DOTNET_EnableAVX2=0");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variations))]
    public async Task Shards_threads_and_vector_width_change_no_bit(string example, int shardRows, string variable)
    {
        using var folder = new TemporaryFolder();
        var launch = new Launch { Folder = folder.Path }.With(variable.Split('=')[0], variable.Split('=')[1]);
        var expected = await store.TrainAsync(example);
        var seen = await ExplicitClient.RunAsync(
            launch, "train", ExplicitClient.Example(example), "--json", "--set", $"data.shardRows={shardRows}", "--set", "evaluate=test");
        AssertSameBits(expected, seen.Successful().Json());
    }

    [Fact]
    public async Task A_second_run_in_the_same_store_reuses_every_shard_and_changes_no_bit()
    {
        var expected = await store.TrainAsync("fashion-patches");
        var seen = (await ExplicitClient.RunAsync(store.Folder, "train", ExplicitClient.Example("fashion-patches"), "--json")).Successful().Json();
        AssertSameBits(expected, seen);
        Assert.Equal(8, seen.GetProperty("reusedShards").GetInt32());
        Assert.NotEqual(expected.GetProperty("job").GetString(), seen.GetProperty("job").GetString());
    }

    private static void AssertSameBits(JsonElement expected, JsonElement seen)
    {
        foreach (var field in (string[])["statisticsSha256", "choice", "k", "alpha", "weightsSha256", "model", "test"])
            Assert.Equal(expected.GetProperty(field).GetRawText(), seen.GetProperty(field).GetRawText());
    }
}
