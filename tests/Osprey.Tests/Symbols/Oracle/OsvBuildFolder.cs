namespace Osprey.Tests.Symbols.Oracle;

/// <summary>The folder of an OSv build, such as <c>build/release.x64</c> within OSv's sources, and its files.</summary>
/// <param name="Path">The folder; links are followed.</param>
internal sealed record OsvBuildFolder(string Path)
{
    /// <summary>The kernel with its debug info.</summary>
    public string Loader => Join("loader.elf");

    /// <summary>The kernel without debug info, as it is booted.</summary>
    public string Kernel => Join("loader-stripped.elf");

    /// <summary>The disk that it boots from.</summary>
    public string Image => Join("usr.img");

    /// <summary>The folder of the sources.</summary>
    public string Sources => System.IO.Path.GetFullPath(Join("../.."));

    /// <summary>OSv's own commands for gdb.</summary>
    public string Script => System.IO.Path.Combine(Sources, "scripts", "loader.py");

    /// <summary>Finds it behind links: what is beside it is found by its real place.</summary>
    public static OsvBuildFolder At(string path) =>
        new(Directory.Exists(path) ? Directory.ResolveLinkTarget(path, true)?.FullName ?? path : path);

    private string Join(string name) => System.IO.Path.Combine(Path, name);
}
