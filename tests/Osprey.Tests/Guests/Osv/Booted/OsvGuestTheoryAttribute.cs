namespace Osprey.Tests.Guests.Osv.Booted;

/// <summary>A test, run with several data, that boots an OSv build below <c>OSPREY_OSV_GUESTS</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OsvGuestTheoryAttribute : TheoryAttribute
{
    /// <param name="build">The build's name.</param>
    /// <param name="tools">Programs that the test calls besides QEMU.</param>
    public OsvGuestTheoryAttribute(string build, params string[] tools) =>
        Skip = OsvGuests.DescribeMissing(build, tools);
}
