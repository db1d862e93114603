namespace Osprey.Tests.Cli.Guest.Hostile;

/// <summary>
/// Guests and files that lie: whatever a core or an ELF file holds, a command ends by itself, soon, in little memory,
/// with one of the exit codes there are and a message that is no stack trace.
/// </summary>
[Trait("Category", "Slow")]
public sealed class HostileGuestTests : IDisposable
{
    private const int Rounds = 10_000;
    private const long MaxAllocatedBytes = 300L << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SmallGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Commands_OnMutatedGuests_EndWithOnlyTheirOwnErrors()
    {
        string[][] commands = [.. GuestCommandLines.All(_guest)];
        IReadOnlyDictionary<int, int> endings = new HostileRounds(s_patience, MaxAllocatedBytes).Run(
            Rounds,
            round =>
            {
                var random = new Random(round);
                byte[] core = [.. _guest.Core];
                byte[] program = [.. _guest.Program];
                string change =
                    random.Next(4) == 0
                        ? GuestMutation.ChangeProgram(ref program, random)
                        : GuestMutation.ChangeCore(ref core, random);
                if (random.Next(8) == 0)
                    change += GuestMutation.ChangeProgram(ref program, random);

                Rewrite(_guest.CorePath, core);
                Rewrite(_guest.ProgramPath, program);
                string[] command = commands[round % commands.Length];

                // Without it most mutated programs would be refused at once.
                string[] any = random.Next(3) > 0 ? ["--any-build"] : [];
                return (change, [.. _guest.Arguments(command), .. any]);
            }
        );

        // The mutations are such that commands still show something, and are refused too.
        Assert.All(endings.Values, count => Assert.InRange(count, 20, Rounds));
    }

    private static void Rewrite(string path, byte[] bytes)
    {
        using FileStream file = File.Open(path, FileMode.Create);
        file.Write(bytes);
    }
}
