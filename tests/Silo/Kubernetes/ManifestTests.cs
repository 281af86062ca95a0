using System.Globalization;
using System.Net;
using System.Xml.Linq;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Testing;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Orleans.Hosting.Kubernetes;

namespace ExplicitCluster.Silo.Tests.Kubernetes;

/// <summary>Every manifest is read strictly, and what it says is what the program's own constants and defaults say.</summary>
public sealed class ManifestTests
{
    private const string Prefix = "EXPLICIT__";

    private static readonly Kustomization Base = Kustomization.Of("base");
    private static readonly Kustomization Dev = Kustomization.Of("overlays/dev");
    private static readonly Kustomization Production = Kustomization.Of("overlays/production");
    private static readonly V1Job Train = Kustomization.Read(Repository.PathOf("k8s", "examples", "train-job.yaml")).OfType<V1Job>().Single();

    private static V1PodSpec Silo => Base.Single<V1Deployment>("explicit-silo").Spec.Template.Spec;

    private static V1Container SiloContainer => Silo.Containers.Single();

    /// <summary>Where every pod is described.</summary>
    private static IEnumerable<V1PodTemplateSpec> Pods =>
        [.. Dev.Objects.OfType<V1Deployment>().Select(one => one.Spec.Template), .. Dev.Objects.OfType<V1StatefulSet>().Select(one => one.Spec.Template), Train.Spec.Template];

    [Fact]
    public void Every_manifest_is_listed_and_every_list_is_of_files_that_are_there()
    {
        var listed = new[] { Base, Dev, Production }
            .SelectMany(one => one.File.Resources.Concat(one.File.Patches.Select(patch => patch.Path)).Select(path => Path.GetFullPath(path, one.Folder)))
            .Where(path => !Directory.Exists(path)).Append(Repository.PathOf("k8s", "examples", "train-job.yaml")).ToList();
        Assert.All(listed, path => Assert.True(File.Exists(path), path));
        var all = Directory.EnumerateFiles(Repository.PathOf("k8s"), "*.yaml", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "kustomization.yaml");
        Assert.Equal(all.Order(), listed.Distinct().Order());
        Assert.All(new[] { Base, Dev, Production }, one => Assert.Equal(("kustomize.config.k8s.io/v1beta1", "Kustomization"), (one.File.ApiVersion, one.File.Kind)));
        Assert.All(Base.File.ConfigMapGenerator.SelectMany(map => map.Files), file => Assert.True(File.Exists(Path.Combine(Base.Folder, file)), file));
    }

    [Fact]
    public void A_field_that_does_not_exist_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var text = File.ReadAllText(Path.Combine(Base.Folder, "silo.yaml"));
        Assert.Throws<YamlDotNet.Core.YamlException>(() => Kustomization.Read(folder.Write("silo.yaml", text.Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal))).ToList());
    }

    [Fact]
    public void No_two_objects_share_a_name_and_every_patch_has_its_target()
    {
        foreach (var overlay in (Kustomization[])[Dev, Production])
        {
            Assert.Equal(overlay.Objects.Length, overlay.Objects.Select(one => (one.Kind, one.Metadata.Name)).Distinct().Count());
            foreach (var patch in overlay.Patches)
            {
                var target = Assert.Single(overlay.Objects, one => one.Kind == patch.Kind && one.Metadata.Name == patch.Metadata.Name);
                Assert.Equal(target.ApiVersion, patch.ApiVersion);
                Assert.All(ContainersOf(patch), container => Assert.Contains(container.Name, ContainersOf(target).Select(one => one.Name)));
            }
            Assert.Equal(overlay.File.Namespace, overlay.Objects.OfType<V1Namespace>().Single().Metadata.Name);
        }
        Assert.All(Production.File.Images, image => Assert.Contains(Pods.SelectMany(pod => pod.Spec.Containers), container => container.Image.Split(':')[0] == image.Name));
    }

    [Fact]
    public void Ports_are_the_ones_that_the_silo_listens_on()
    {
        var options = new SiloOptions();
        Assert.Equal(
            [("gateway", options.GatewayPort), ("http", options.HttpPort), ("silo", options.SiloPort)],
            SiloContainer.Ports.Select(port => (port.Name, port.ContainerPort)).Order());
        Assert.DoesNotContain(SiloContainer.Env, variable => variable.Name.EndsWith("PORT", StringComparison.Ordinal));
        Assert.Equal(
            [options.HttpPort, options.SiloPort, options.GatewayPort],
            PortsOf("Silo").OrderBy(port => port == options.HttpPort ? 0 : 1).ThenBy(port => port));
        foreach (var service in Dev.Objects.OfType<V1Service>())
        {
            var pod = Assert.Single(Pods, pod => Matches(service.Spec.Selector, pod));
            Assert.All(service.Spec.Ports, port => Assert.Equal(port.Port, Assert.Single(pod.Spec.Containers.Single().Ports, one => one.Name == port.TargetPort).ContainerPort));
        }
    }

    [Fact]
    public void Probes_ask_the_paths_that_the_silo_answers()
    {
        Assert.Equal(HttpSurface.LivePath, SiloContainer.StartupProbe.HttpGet.Path);
        Assert.Equal(HttpSurface.LivePath, SiloContainer.LivenessProbe.HttpGet.Path);
        Assert.Equal(HttpSurface.ReadyPath, SiloContainer.ReadinessProbe.HttpGet.Path);
        Assert.All([SiloContainer.StartupProbe, SiloContainer.LivenessProbe, SiloContainer.ReadinessProbe], probe => Assert.Equal("http", (string)probe.HttpGet.Port));
        Assert.True(SiloContainer.ReadinessProbe.TimeoutSeconds > HttpSurface.StorePatience.TotalSeconds);
    }

    [Fact]
    public void Variables_and_keys_of_the_secret_are_settings()
    {
        var known = new[] { typeof(SiloOptions), typeof(ExplicitOptions) }.SelectMany(type => type.GetProperties()).Where(property => property.CanWrite)
            .Select(property => Prefix + property.Name.ToUpperInvariant()).ToHashSet();
        var ofPods = Pods.Concat(ContainersPatched()).SelectMany(pod => pod.Spec.Containers).SelectMany(container => container.Env ?? []).ToList();
        var used = ofPods.Select(variable => variable.Name).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Concat(SecretKeys()).ToHashSet();
        Assert.Empty(used.Except(known));
        string[] secret = [nameof(SiloOptions.ClusterPassword), nameof(SiloOptions.HttpToken), nameof(ExplicitOptions.StoreConnection)];
        Assert.Equal(secret.Select(name => Prefix + name.ToUpperInvariant()).Order(), SecretKeys().Distinct().Order());
        // No manifest holds the value of one.
        Assert.All(ofPods.Where(variable => secret.Any(name => variable.Name == Prefix + name.ToUpperInvariant())), variable => Assert.NotNull(variable.ValueFrom.SecretKeyRef));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("production")]
    public void The_settings_of_a_pod_are_good_ones(string overlay)
    {
        using var folder = new TemporaryFolder();
        MountedSecret.Write(
            folder.Path, (Prefix + "CLUSTERPASSWORD", "a"), (Prefix + "HTTPTOKEN", "b"), (Prefix + "STORECONNECTION", AzuriteServer.ConnectionStringTo(10000)));
        var configuration = new ConfigurationManager();
        foreach (var (name, value) in VariablesOf(overlay))
            configuration[name.Replace("__", ":", StringComparison.Ordinal)] = value == MountOf("secrets") ? folder.Path : value.Replace("ACCOUNT", "account", StringComparison.Ordinal);
        var (settings, problem) = Settings.Read(configuration);
        Assert.Null(problem);
        Assert.Equal(IPAddress.Parse("10.1.2.3"), settings!.Silo.Listen);
        Assert.Equal(settings.Silo.Listen, settings.Silo.Advertised);
        Assert.Equal("b", settings.Silo.HttpToken);
        // A silo that drains must not be killed meanwhile.
        var grace = Patched(overlay).TerminationGracePeriodSeconds ?? Silo.TerminationGracePeriodSeconds;
        Assert.True(grace > settings.StopPeriod.TotalSeconds, $"{grace} s are not more than {settings.StopPeriod}");
        Assert.Equal($"{settings.Silo.ToAddress()}", Train.Spec.Template.Spec.Containers.Single().Env.Single(variable => variable.Name == Prefix + "CLUSTER").Value);
    }

    [Fact]
    public void Pods_are_labelled_as_Orleans_labels_them_and_may_see_each_other()
    {
        var (address, _) = ClusterAddress.Parse(VariablesOf("dev")[Prefix + "CLUSTER"]);
        var labels = Base.Single<V1Deployment>("explicit-silo").Spec.Template.Metadata.Labels;
        Assert.Equal(ClusterMembership.ServiceId, labels[KubernetesHostingOptions.ServiceIdLabel]);
        Assert.Equal(address!.Name, labels[KubernetesHostingOptions.ClusterIdLabel]);
        string[] needed = [KubernetesHostingOptions.PodNameEnvironmentVariable, KubernetesHostingOptions.PodNamespaceEnvironmentVariable, KubernetesHostingOptions.PodIPEnvironmentVariable];
        Assert.Equal(["metadata.name", "metadata.namespace", "status.podIP"], needed.Select(name => SiloContainer.Env.Single(variable => variable.Name == name).ValueFrom.FieldRef.FieldPath));
        // These would overrule the address that clients use as well.
        Assert.DoesNotContain(SiloContainer.Env, variable => variable.Name is KubernetesHostingOptions.ClusterIdEnvironmentVariable or KubernetesHostingOptions.ServiceIdEnvironmentVariable);
        var binding = Base.Single<V1RoleBinding>("explicit-silo");
        Assert.Equal(Silo.ServiceAccountName, Assert.Single(binding.Subjects).Name);
        var rule = Assert.Single(Base.Single<V1Role>(binding.RoleRef.Name).Rules);
        Assert.Equal(["pods"], rule.Resources);
        Assert.Equal(["get", "list", "patch", "watch"], rule.Verbs.Order());
    }

    [Fact]
    public void Silo_and_gateway_ports_are_open_to_silos_and_named_clients_alone()
    {
        var policies = Dev.Objects.OfType<V1NetworkPolicy>().ToList();
        Assert.All(Dev.Objects.OfType<V1Deployment>().Select(one => one.Spec.Template).Concat(Dev.Objects.OfType<V1StatefulSet>().Select(one => one.Spec.Template)),
            pod => Assert.Contains(policies, policy => policy.Spec.Ingress is null && Matches(policy.Spec.PodSelector.MatchLabels, pod)));
        var silo = Base.Single<V1Deployment>("explicit-silo").Spec.Template;
        var open = policies.Where(policy => Matches(policy.Spec.PodSelector.MatchLabels, silo)).SelectMany(policy => policy.Spec.Ingress ?? [])
            .SelectMany(rule => rule.Ports.SelectMany(port => rule.FromProperty.Select(from => (Port: (string)port.Port, From: from)))).ToList();
        var client = Train.Spec.Template;
        foreach (var (port, from) in open.Where(one => one.Port != "http"))
        {
            Assert.Null(from.NamespaceSelector);
            Assert.True(Matches(from.PodSelector.MatchLabels, silo) || (port == "gateway" && Matches(from.PodSelector.MatchLabels, client)), $"{port} is open to {string.Join(',', from.PodSelector.MatchLabels)}");
        }
        Assert.Contains(open, one => one.Port == "silo");
        Assert.Contains(open, one => one.Port == "gateway" && Matches(one.From.PodSelector?.MatchLabels, client));
        var budget = Base.Single<V1PodDisruptionBudget>("explicit-silo");
        Assert.True(Matches(budget.Spec.Selector.MatchLabels, silo));
        Assert.Equal("1", (string)budget.Spec.MaxUnavailable);
    }

    [Fact]
    public void No_container_is_root_writes_to_its_image_or_lacks_a_limit_of_memory()
    {
        Assert.All(Pods, pod =>
        {
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.Spec.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.Contains(Dev.Objects.OfType<V1ServiceAccount>(), account => account.Metadata.Name == pod.Spec.ServiceAccountName);
            var container = pod.Spec.Containers.Single();
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Limits.ContainsKey("memory") && container.Resources.Requests.ContainsKey("cpu"));
            var volumes = (pod.Spec.Volumes ?? []).Select(volume => volume.Name).Append("data");
            Assert.Empty(container.VolumeMounts.Select(mount => mount.Name).Except(volumes));
        });
    }

    [Theory]
    [InlineData("Silo", "explicit-silo")]
    [InlineData("Client", "explicit")]
    public void Images_are_named_as_the_projects_publish_them(string project, string container)
    {
        var file = XDocument.Load(Repository.PathOf(project, $"ExplicitCluster.{project}.csproj"));
        var version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Equal("$(Version)", file.Descendants("ContainerImageTag").Single().Value);
        var image = $"{file.Descendants("ContainerRepository").Single().Value}:{version}";
        Assert.Contains(image, Pods.SelectMany(pod => pod.Spec.Containers).Where(one => one.Name == container || $"explicit-{one.Name}" == container).Select(one => one.Image));
    }

    private static IEnumerable<int> PortsOf(string project) => XDocument.Load(Repository.PathOf(project, $"ExplicitCluster.{project}.csproj"))
        .Descendants("ContainerPort").SelectMany(port => port.Attribute("Include")!.Value.Split(';')).Select(port => int.Parse(port, CultureInfo.InvariantCulture));

    private static IEnumerable<string> SecretKeys()
    {
        foreach (var pod in Pods)
        {
            foreach (var item in (pod.Spec.Volumes ?? []).SelectMany(volume => volume.Secret?.Items ?? []))
                yield return item.Key;
            foreach (var reference in pod.Spec.Containers.SelectMany(container => container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>())
                yield return reference.Key;
        }
        foreach (var word in File.ReadAllText(Repository.PathOf("k8s", "README.md")).Split("--from-literal=").Skip(1))
            yield return word.Split('=')[0];
    }

    private static string MountOf(string volume) => SiloContainer.VolumeMounts.Single(mount => mount.Name == volume).MountPath;

    private static V1PodSpec Patched(string overlay) =>
        (overlay == "dev" ? Dev : Production).Patches.OfType<V1Deployment>().Single(one => one.Metadata.Name == "explicit-silo").Spec.Template.Spec;

    private static IEnumerable<V1PodTemplateSpec> ContainersPatched() => ((Kustomization[])[Dev, Production]).SelectMany(one => one.Patches).OfType<V1Deployment>().Select(one => one.Spec.Template);

    /// <summary>Variables with values, as an overlay patches them, on a pod at 10.1.2.3.</summary>
    private static Dictionary<string, string> VariablesOf(string overlay)
    {
        var variables = SiloContainer.Env.Concat(Patched(overlay).Containers.Single().Env).Where(variable => variable.Value is not null);
        return variables.GroupBy(variable => variable.Name).ToDictionary(group => group.Key, group => group.Last().Value.Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal));
    }

    private static IEnumerable<V1Container> ContainersOf(IKubernetesObject one) => one switch
    {
        V1Deployment deployment => deployment.Spec.Template.Spec.Containers,
        V1StatefulSet set => set.Spec.Template.Spec.Containers,
        _ => [],
    };

    private static bool Matches(IDictionary<string, string>? selector, V1PodTemplateSpec pod) =>
        selector is { Count: > 0 } && selector.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
