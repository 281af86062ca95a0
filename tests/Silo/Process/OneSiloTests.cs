using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplicitCluster.Silo.Tests.Process;

/// <summary>What a silo process shows to whoever runs it, and what it shows to nobody.</summary>
public sealed partial class OneSiloTests(OneSilo one) : IClassFixture<OneSilo>
{
    private const string Bearer = $"Bearer {OneSilo.Token}";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(HttpSurface.MetricsPath, null, HttpStatusCode.Unauthorized)]
    [InlineData(HttpSurface.MetricsPath, "Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData(HttpSurface.MetricsPath, $"Basic {OneSilo.Token}", HttpStatusCode.Unauthorized)]
    [InlineData(HttpSurface.MetricsPath, Bearer, HttpStatusCode.OK)]
    [InlineData(HttpSurface.DashboardPath + "/", null, HttpStatusCode.Unauthorized)]
    [InlineData(HttpSurface.DashboardPath + "/", Bearer, HttpStatusCode.OK)]
    [InlineData("/elsewhere", null, HttpStatusCode.Unauthorized)]
    [InlineData("/elsewhere", Bearer, HttpStatusCode.NotFound)]
    [InlineData(HttpSurface.LivePath, null, HttpStatusCode.OK)]
    [InlineData(HttpSurface.ReadyPath, null, HttpStatusCode.OK)]
    public async Task All_but_health_wants_the_token(string path, string? authorization, HttpStatusCode expected)
    {
        using var response = await one.GetAsync(path, authorization);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_after_a_job_are_those_that_the_documents_list()
    {
        using var response = await one.GetAsync(HttpSurface.MetricsPath, Bearer);
        var text = await response.Content.ReadAsStringAsync();
        var shown = TypeOfMetric.Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
        var documented = DocumentedMetric.Matches(await File.ReadAllTextAsync(Repository.PathOf("docs", "operations.md"))).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Contains("orleans_", text, StringComparison.Ordinal);
        Assert.Empty(shown.Except(documented));
        Assert.Equal(["explicit_retries_total"], documented.Except(shown).Order()); // nothing had to be tried again
        Assert.Contains("""explicit_jobs_total{""", text, StringComparison.Ordinal);
        Assert.Matches("""explicit_rows_total\{[^}]*work="accumulate"[^}]*\} 180\b""", text);
    }

    [Fact]
    public async Task One_trace_leads_from_the_command_to_job_and_shards()
    {
        var spans = await SpansAsync();
        var command = Assert.Single(spans, span => span.Name == "explicit train");
        Assert.Equal("explicit", command.Service);
        var job = Assert.Single(spans, span => span.Name == "job" && span.Trace == command.Trace);
        Assert.Equal(Telemetry.ServiceName, job.Service);
        var id = job.Attributes[Grains.Hosting.ExplicitInstruments.GrainTag];
        var shards = spans.Where(span => span.Name == "accumulate" && span.Trace == command.Trace).ToList();
        Assert.Equal([$"{id}/train/0", $"{id}/train/1", $"{id}/train/2"], shards.Select(shard => shard.Attributes[Grains.Hosting.ExplicitInstruments.GrainTag]).Order());
        var byId = spans.ToDictionary(span => span.Id);
        Assert.All(shards, shard => Assert.Contains(job, Ancestors(shard)));
        Assert.Contains(command, Ancestors(job));

        IEnumerable<ReceivedSpan> Ancestors(ReceivedSpan span)
        {
            for (var up = span; byId.TryGetValue(up.Parent, out var parent); up = parent)
                yield return parent;
        }
    }

    [Fact]
    public void Log_lines_are_JSON_and_name_job_and_shard()
    {
        var lines = one.Silo.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(Settings.ReadyLine, StringComparison.Ordinal)).ToList();
        var scopes = lines.Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("Scopes", out var list)
                ? list.EnumerateArray().Where(scope => scope.ValueKind == JsonValueKind.Object).SelectMany(scope => scope.EnumerateObject()).ToLookup(field => field.Name, field => field.Value.ToString())
                : null;
        }).OfType<ILookup<string, string>>().ToList();
        var shard = scopes.First(fields => fields["Shard"].Contains("train/0"));
        Assert.NotEmpty(shard["Job"]);
        Assert.Contains(scopes, fields => fields["Job"].Intersect(shard["Job"]).Any() && !fields["Shard"].Any() && !fields["Tile"].Any());
        Assert.Contains(scopes, fields => fields["Tile"].Contains("0"));
    }

    [Fact]
    public async Task Secrets_are_in_no_log_no_line_of_the_command_no_answer_and_no_artifact()
    {
        var texts = new List<(string Where, string Text)> { ("log", one.Silo.Log), ("command", one.Trained) };
        foreach (var path in (string[])[HttpSurface.MetricsPath, HttpSurface.ReadyPath, HttpSurface.LivePath, "/dashboard/DashboardCounters", "/dashboard/HistoricalStats"])
        {
            using var response = await one.GetAsync(path, Bearer);
            texts.Add((path, await response.Content.ReadAsStringAsync()));
        }
        var store = ArtifactStores.Open("blob:one", one.Azurite.ConnectionString);
        await foreach (var name in store.ListAsync("", CancellationToken.None))
        {
            if (!name.EndsWith(".json", StringComparison.Ordinal))
                continue;
            texts.Add((name, Encoding.UTF8.GetString((await store.ReadAsync(name, CancellationToken.None))!.Content)));
        }
        Assert.Contains(texts, text => text.Where.EndsWith("/job.json", StringComparison.Ordinal));
        foreach (var (where, text) in texts)
            Assert.All(OneSilo.Secrets, secret => Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{where} holds the secret {secret}"));
    }

    [Fact]
    public async Task A_source_outside_the_folders_fails_the_job_and_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("secret.csv", "x,y\n1,a\n2,b\n");
        using var client = await one.ConnectAsync();
        var job = client.Services.GetRequiredService<IGrainFactory>().GetGrain<ITrainingJobGrain>("outside");
        await job.StartAsync(new JobSpecification
        {
            Name = "outside",
            Data = new DataSpecification { Train = [new SourceSpecification { Format = SourceFormat.Csv, Path = path, LabelColumn = "y", Header = true }] },
            Features = [new FeatureMapSpecification { Map = FeatureMapKind.Bins, Levels = [1, 2] }],
            Solve = new SolveSpecification(),
        });
        var record = await UntilAsync(async () => (await job.PollAsync())?.Record is { Status: not JobStatus.Running } ended ? ended : null, "the job ended");
        Assert.Equal(JobStatus.Failed, record.Status);
        Assert.Equal($"{path} is not within the folders that this silo reads sources from.", record.Failure!.Cause);
        await client.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task Ready_turns_when_the_store_is_away_and_back()
    {
        await one.Azurite.StopAsync();
        using (var away = await one.GetAsync(HttpSurface.ReadyPath, null))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.Contains("store", await away.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using (var live = await one.GetAsync(HttpSurface.LivePath, null))
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        await one.Azurite.RestartAsync();
        await UntilAsync(async () =>
        {
            using var back = await one.GetAsync(HttpSurface.ReadyPath, null);
            return back.StatusCode == HttpStatusCode.OK ? back : null;
        }, "the silo was ready again");
    }

    /// <summary>Spans come in batches, the last of the job after the command has ended.</summary>
    private async Task<List<ReceivedSpan>> SpansAsync() => await UntilAsync(
        () => Task.FromResult(one.Collector.Spans.ToList() is var spans && spans.Any(span => span.Name == "job") && spans.Any(span => span.Name == "explicit train") ? spans : null),
        "the spans of job and command came");

    private async Task<T> UntilAsync<T>(Func<Task<T?>> look, string awaited) where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            if (await look() is { } seen)
                return seen;
            await Task.Delay(Pause);
        }
        throw new TimeoutException($"It did not come to pass within {Deadline} that {awaited}.\n{one.Silo.Log}");
    }

    [GeneratedRegex(@"^# TYPE (explicit_[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeOfMetric { get; }

    [GeneratedRegex(@"^\| `(explicit_[a-z_]+)`", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric { get; }
}
