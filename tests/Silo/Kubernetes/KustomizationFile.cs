namespace ExplicitCluster.Silo.Tests.Kubernetes;

/// <summary>What a kustomization.yaml of this project may hold; any other key is an error.</summary>
internal sealed class KustomizationFile
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string? Namespace { get; set; }

    public List<string> Resources { get; set; } = [];

    public List<Patch> Patches { get; set; } = [];

    public List<ConfigMap> ConfigMapGenerator { get; set; } = [];

    public List<Image> Images { get; set; } = [];

    internal sealed class Patch
    {
        public string Path { get; set; } = "";
    }

    internal sealed class ConfigMap
    {
        public string Name { get; set; } = "";

        public List<string> Files { get; set; } = [];
    }

    internal sealed class Image
    {
        public string Name { get; set; } = "";

        public string NewName { get; set; } = "";

        public string NewTag { get; set; } = "";
    }
}
