using System.Text;
using Osprey.Guests;
using Osprey.Session.Guests;
using Osprey.Target.Backends.Gdb;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Guests.Osv;

/// <summary>OSv as it is recognised on a real guest, with a version or without one.</summary>
[Collection(OsvGuestCollection.Name)]
[Trait("Category", "Slow")]
public sealed class OsvIdentityTests(OsvGuestFixture fixture)
{
    /// <summary>The version of the build's banner: between "OSv " at the start of a text and the line's end.</summary>
    private static string BuiltVersion
    {
        get
        {
            ReadOnlySpan<byte> kernel = File.ReadAllBytes(OsvBuild.Kernel);
            for (int at; (at = kernel.IndexOf("\0OSv "u8)) >= 0; )
            {
                kernel = kernel[(at + 5)..];
                ReadOnlySpan<byte> line = kernel[..kernel.IndexOf((byte)'\n')];
                if (kernel[line.Length + 1] == 0 && !line.EndsWith(":"u8))
                    return Encoding.ASCII.GetString(line);
            }

            throw new InvalidOperationException($"{OsvBuild.Kernel} has no banner");
        }
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void Identity_OverTheProcess_RestsOnAllSigns()
    {
        using GuestSession session = fixture.Open();
        Check(session);
    }

    [OsvBuildFact("qemu-system-x86_64")]
    public void Identity_OverTheStub_IsTheSame()
    {
        using GuestSession session = GuestSession.Over(
            GdbTarget.Connect($"unix:{fixture.Guest.GdbSocket}"),
            new GuestSettings { NoCache = true }
        );
        Check(session);
        Assert.Equal(OsvBuild.Loader, session.Programs.Kernel?.Path);
    }

    private static void Check(GuestSession session)
    {
        GuestIdentity identity = session.Identity;
        Assert.Equal(("OSv", BuiltVersion), (identity.System, identity.Version));
        Assert.Superset(
            new HashSet<string> { "image", "entry", "file", "banner" },
            identity.Signs.Select(sign => sign.Name).ToHashSet()
        );
    }
}
