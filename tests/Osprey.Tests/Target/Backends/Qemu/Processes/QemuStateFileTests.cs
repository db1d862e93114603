using System.Globalization;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Target.Backends.Qemu.Processes;

public sealed class QemuStateFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osprey-state");

    [Fact]
    public void DeleteOfEnded_InAFolder_LeavesWhatMayBeAtWork()
    {
        int self = Environment.ProcessId;
        ulong start = ProcessStat.Read(self)!.Value.StartTime;
        string living = Make(self, start, days: 3);
        string fresh = Make(self, start + 1, days: 0);
        string other = Path.Combine(_folder.FullName, "notes.txt");
        File.WriteAllText(other, "");
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-3));
        string ended = Make(self, start + 2, days: 3); // another process had the number
        string gone = Make(int.MaxValue, 1, days: 3);

        QemuStateFile.DeleteOfEnded(_folder.FullName);
        Assert.All([living, fresh, other], path => Assert.True(File.Exists(path), path));
        Assert.All([ended, gone], path => Assert.False(File.Exists(path), path));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Make(int id, ulong start, int days)
    {
        string path = Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{id}-{start}"));
        File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-days));
        return path;
    }
}
