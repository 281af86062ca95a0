using System.Collections.Immutable;
using ExplicitCluster.Testing;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ExplicitCluster.Silo.Tests.Kubernetes;

/// <summary>A folder of manifests: what it lists, read strictly. Kustomize itself is not here; what its files refer to is followed.</summary>
internal sealed class Kustomization
{
    private const string FileName = "kustomization.yaml";

    private static readonly IDeserializer Strict = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    private Kustomization(string folder)
    {
        Folder = folder;
        File = Strict.Deserialize<KustomizationFile>(System.IO.File.ReadAllText(Path.Combine(folder, FileName)));
        foreach (var resource in File.Resources.Select(resource => Path.GetFullPath(resource, folder)))
        {
            if (Directory.Exists(resource))
                Objects = Objects.AddRange(new Kustomization(resource).Objects);
            else
                Objects = Objects.AddRange(Read(resource));
        }
        Patches = [.. File.Patches.SelectMany(patch => Read(Path.GetFullPath(patch.Path, folder)))];
    }

    public string Folder { get; }

    public KustomizationFile File { get; }

    /// <summary>All resources, those of the bases included; patches are not applied.</summary>
    public ImmutableArray<IKubernetesObject<V1ObjectMeta>> Objects { get; } = [];

    public ImmutableArray<IKubernetesObject<V1ObjectMeta>> Patches { get; }

    /// <param name="folder">Below <c>k8s</c>.</param>
    public static Kustomization Of(string folder) => new(Repository.PathOf("k8s", folder));

    /// <summary>The objects of a file; a field that its kind does not have is an error.</summary>
    public static IEnumerable<IKubernetesObject<V1ObjectMeta>> Read(string path) => KubernetesYaml.LoadAllFromString(
        System.IO.File.ReadAllText(path), strict: true).Select(one => (IKubernetesObject<V1ObjectMeta>)one);

    public T Single<T>(string name) where T : IKubernetesObject<V1ObjectMeta> => Objects.OfType<T>().Single(one => one.Metadata.Name == name);
}
