using Osprey.Target.Backends.Processes;

namespace Osprey.Tests.Target.Backends.Processes;

public sealed class ProcFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(100_000)]
    public void ReadText_OfAnySize_HasAll(int size)
    {
        string text = string.Concat(Enumerable.Range(0, size).Select(i => (char)('a' + (i % 26))));
        File.WriteAllText(_path, text);
        Assert.Equal(text, ProcFile.ReadText(_path));
    }

    [Fact]
    public void ReadText_LargerThanTheLimit_HasTheFront()
    {
        File.WriteAllText(_path, new string('x', 5000));
        Assert.Equal(new string('x', 3000), ProcFile.ReadText(_path, 3000));
    }

    [Fact]
    public void ReadText_OfThisProcess_IsWhatTheClassLibraryReads()
    {
        Assert.Equal(File.ReadAllText("/proc/self/cmdline"), ProcFile.ReadText("/proc/self/cmdline"));
        Assert.Throws<FileNotFoundException>(() => ProcFile.ReadText("/proc/self/none"));
    }

    public void Dispose() => File.Delete(_path);
}
