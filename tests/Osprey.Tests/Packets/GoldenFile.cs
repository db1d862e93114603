using System.Runtime.CompilerServices;

namespace Osprey.Tests.Packets;

/// <summary>Compares text with the whole of a file next to the test.</summary>
internal static class GoldenFile
{
    /// <summary>Compares with <c>TestClass.Test.verified.txt</c>; OSPREY_ACCEPT=1 writes that file instead.</summary>
    public static void Verify(string actual, [CallerFilePath] string source = "", [CallerMemberName] string test = "")
    {
        string path = Path.ChangeExtension(source, $"{test}.verified.txt");
        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>The path of a file next to the test.</summary>
    public static string GetPath(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, name);
}
