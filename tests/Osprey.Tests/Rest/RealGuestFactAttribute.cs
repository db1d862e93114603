namespace Osprey.Tests.Rest;

/// <summary>A test that needs a real OSv guest with a REST server; skipped when none is given.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealGuestFactAttribute : FactAttribute
{
    private const string Variable = "OSPREY_OSV_REST";

    public RealGuestFactAttribute()
    {
        if (Url.Length == 0)
            Skip = $"needs an OSv guest: set {Variable} to its REST server's URL, such as http://localhost:8000";
    }

    public static string Url => Environment.GetEnvironmentVariable(Variable) ?? "";
}
