using System.Globalization;
using System.IO.Compression;
using System.Text;
using Osprey.Git.Objects;

namespace Osprey.Tests.Builders.Git;

/// <summary>Writes a repository into a folder of its own, without git, the same each time.</summary>
internal sealed class RepositoryBuilder : IDisposable
{
    private const string Person = "A Builder <builder@example.com> 1700000000 +0000";

    private readonly ObjectFormat _format;

    public RepositoryBuilder(ObjectFormat? format = null)
    {
        _format = format ?? ObjectFormat.Sha1;
        Folder = Directory.CreateTempSubdirectory("osprey-git-").FullName;
        WriteFile("HEAD", "ref: refs/heads/main\n");
        Directory.CreateDirectory(Path.Combine(Folder, "objects", "pack"));
        Directory.CreateDirectory(Path.Combine(Folder, "refs", "heads"));
        if (_format != ObjectFormat.Sha1)
            WriteFile(
                "config",
                $"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = {_format.Name}\n"
            );
    }

    /// <summary>The repository, which is bare.</summary>
    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Returns the path of a file of the repository.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Returns the path of an object's own file.</summary>
    public string PathOf(ObjectId id) => Path.Combine(Folder, "objects", id.ToString()[..2], id.ToString()[2..]);

    /// <summary>Writes a file of the repository.</summary>
    public void WriteFile(string name, string text) => WriteFile(name, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="WriteFile(string, string)"/>
    public void WriteFile(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), bytes);
    }

    /// <summary>Writes an object as a file of its own.</summary>
    public ObjectId Add(GitObjectType type, byte[] data)
    {
        ObjectId id = _format.ComputeId(type, data);
        string header = string.Create(CultureInfo.InvariantCulture, $"{GitObjectTypes.GetName(type)} {data.Length}\0");
        WriteRaw(id, [.. Encoding.ASCII.GetBytes(header), .. data]);
        return id;
    }

    /// <summary>Writes bytes, header included, as the file of an object.</summary>
    public void WriteRaw(ObjectId id, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(content);

        WriteFile(Path.GetRelativePath(Folder, PathOf(id)), bytes.ToArray());
    }

    /// <summary>Writes a blob.</summary>
    public ObjectId AddBlob(string text) => Add(GitObjectType.Blob, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a tree.</summary>
    public ObjectId AddTree(params (string Mode, string Name, ObjectId Id)[] entries) =>
        Add(GitObjectType.Tree, TreeOf(entries));

    /// <summary>Writes a commit.</summary>
    public ObjectId AddCommit(ObjectId tree, string message, params ObjectId[] parents) =>
        Add(
            GitObjectType.Commit,
            Encoding.UTF8.GetBytes(
                $"tree {tree}\n{string.Concat(parents.Select(parent => $"parent {parent}\n"))}"
                    + $"author {Person}\ncommitter {Person}\n\n{message}\n"
            )
        );

    /// <summary>Writes an annotated tag.</summary>
    public ObjectId AddTag(ObjectId target, GitObjectType type, string name) =>
        Add(
            GitObjectType.Tag,
            Encoding.UTF8.GetBytes(
                $"object {target}\ntype {GitObjectTypes.GetName(type)}\ntag {name}\ntagger {Person}\n\n{name}\n"
            )
        );

    /// <summary>Writes a pack with its index.</summary>
    /// <param name="name">The file's name, such as "pack-1".</param>
    /// <param name="pack">The pack.</param>
    /// <param name="version">The index's version; 0 for no index.</param>
    public void AddPack(string name, PackBuilder pack, int version = 2)
    {
        byte[] bytes = pack.Build();
        WriteFile($"objects/pack/{name}.pack", bytes);
        if (version > 0)
            WriteFile($"objects/pack/{name}.idx", PackIndexBuilder.Build(version, bytes, pack));
    }

    private static byte[] TreeOf((string Mode, string Name, ObjectId Id)[] entries)
    {
        using var bytes = new MemoryStream();
        foreach ((string mode, string name, ObjectId id) in entries)
        {
            bytes.Write(Encoding.UTF8.GetBytes($"{mode} {name}\0"));
            byte[] hash = new byte[id.Size];
            id.CopyTo(hash);
            bytes.Write(hash);
        }

        return bytes.ToArray();
    }
}
