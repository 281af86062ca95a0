using System.Globalization;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using k8s.Models;
using StackExchange.Redis;

namespace ExplicitCluster.Silo.Tests.Kubernetes;

/// <summary>The manifest's own command and configuration, with paths of a test, on a real redis-server.</summary>
public sealed class RedisOfManifestTests
{
    [Fact]
    public async Task Redis_wants_the_password_of_the_secret_and_keeps_its_data()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var container = Kustomization.Of("base").Single<V1StatefulSet>("explicit-redis").Spec.Template.Spec.Containers.Single();
        var secrets = container.VolumeMounts.Single(mount => mount.Name == "secrets").MountPath;
        var configuration = container.VolumeMounts.Single(mount => mount.Name == "configuration").MountPath;
        Directory.CreateDirectory(folder["data"]);
        folder.Write("secrets/EXPLICIT__CLUSTERPASSWORD", "0123456789abcdef");
        folder.Write("redis.conf", (await File.ReadAllTextAsync(Repository.PathOf("k8s", "base", "redis.conf")))
            .Replace("port 6379", $"port {port}", StringComparison.Ordinal).Replace("dir /data", $"dir {folder["data"]}", StringComparison.Ordinal));
        var script = container.Args.Single().Replace(secrets, folder["secrets"], StringComparison.Ordinal).Replace(configuration, folder.Path, StringComparison.Ordinal);
        await using (await ServerProcess.StartAsync(container.Command[0], [.. container.Command.Skip(1), script], int.Parse(port, CultureInfo.InvariantCulture), "install Debian's package redis-server"))
        {
            var address = ClusterAddress.Parse($"redis://127.0.0.1:{port}").Address!;
            Assert.Contains("refuses the password", await address.FindProblemAsync(TimeSpan.Zero), StringComparison.Ordinal);
            Assert.Null(await address.WithPassword("0123456789abcdef").FindProblemAsync(TimeSpan.Zero));
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password=0123456789abcdef,allowAdmin=true");
            var settings = await redis.GetServers()[0].ConfigGetAsync("append*");
            Assert.Contains(KeyValuePair.Create("appendonly", "yes"), settings);
            Assert.True(Directory.Exists(folder["data/appendonlydir"]));
        }
    }
}
